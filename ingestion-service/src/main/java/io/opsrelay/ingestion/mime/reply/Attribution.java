package io.opsrelay.ingestion.mime.reply;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Lines that mail programs put before a quoted mail, in the languages they are used in. */
final class Attribution {

    /** An introduction may be broken over so many lines. */
    static final int MAX_LINES = 4;

    private static final int MAX_LENGTH = 500;
    private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;

    /** "On ..., X wrote:" and its sisters. The date, or at least a digit or an address, is required. */
    private static final List<Pattern> INTRODUCTIONS = List.of(
            introduction("On\\b.*\\bwrote\\s*:"),
            introduction("On\\b.*\\bsaid\\s*:"),
            introduction(".*\\bwrote on\\b.*:"),
            introduction("(?:Am|Den|Um|Vom)\\b.*\\b(?:schrieb|hat)\\b.*:"),
            introduction(".*\\bschrieb am\\b.*:"),
            introduction("Le\\b.*\\ba [ée]crit\\s*:"),
            introduction(".*\\ba [ée]crit le\\b.*:"),
            introduction("El\\b.*\\b(?:escribi[óo]|ha escrito)\\s*:"),
            introduction("(?:Em|No dia|A)\\b.*\\bescreveu\\s*:"),
            introduction("(?:Il|In data)\\b.*\\bha scritto\\s*:"),
            introduction("Op\\b.*\\b(?:schreef|het volgende geschreven)\\b.*:"),
            introduction(
                    "(?:W dniu|Dnia|pon\\.|wt\\.|śr\\.|czw\\.|pt\\.|sob\\.|niedz\\.)\\s?.*\\bnapisał(?:\\(a\\)|a|\\(-a\\))?\\s*:"),
            introduction("Den\\b.*\\bskrev\\b.*:"),
            introduction("På\\b.*\\bskrev\\b.*:"),
            introduction("(?:Dne|V)\\b.*\\bnapsal(?:\\(a\\)|a)?\\s*:"),
            introduction(".*\\bkirjoitti\\s*:"),
            introduction(".*(?:пишет|написал(?:\\(а\\)|а)?)\\s*:"),
            introduction(".*\\btarihinde\\b.*\\byazdı\\s*:"),
            introduction(".*(?:のメール|が書きました|さんは書きました|のメッセージ)\\s*[:：]"),
            introduction("\\d{4}年.*(?:[:：]|>)"),
            introduction(".*(?:写道|寫道)\\s*[:：]"),
            introduction(".*(?:님이 작성|작성)\\s*[:：]"));

    private static final Pattern ORIGINAL = Pattern.compile(
            "\\s*[-_*]{2,}\\s*(?:original (?:message|appointment)|reply message|urspr(?:ü|ue)ngliche (?:nachricht|mail)"
                    + "|message d'origine|message original|courriel original|mensaje original|mensagem original"
                    + "|messaggio originale|oorspronkelijk bericht|wiadomość oryginalna|oryginalna wiadomość"
                    + "|ursprungligt meddelande|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti"
                    + "|původní zpráva|исходное сообщение|orijinal mesaj|元のメッセージ|原始邮件|原始郵件|원본 메시지)\\s*[-_*]{2,}\\s*",
            FLAGS);
    private static final Pattern FORWARDED = Pattern.compile(
            "\\s*(?:[-_*]{2,}\\s*(?:forwarded (?:message|by .{0,200})|weitergeleitete nachricht|message transféré|mensaje reenviado"
                    + "|mensagem encaminhada|messaggio inoltrato|doorgestuurd bericht|wiadomość przekazana"
                    + "|vidarebefordrat meddelande|転送メッセージ|转发邮件|пересылаемое сообщение)\\s*[-_*]{0,80}.{0,100}"
                    + "|begin forwarded message:|anfang der weitergeleiteten nachricht:|début du message réexpédié\\s*:"
                    + "|inicio del mensaje reenviado:|início da mensagem encaminhada:|inizio messaggio inoltrato:"
                    + "|begin doorgestuurd bericht:|początek przekazanej wiadomości:)\\s*",
            FLAGS);
    private static final Pattern ABOVE_THIS_LINE = Pattern.compile(
            "[#\\s>*-]*.{0,60}(?:(?:reply|write) above this line|antworten sie (?:bitte )?oberhalb dieser zeile"
                    + "|répondez au-dessus de cette ligne|responda por encima de esta línea).{0,60}",
            FLAGS);

    private static final Set<String> FROM = Set.of(
            "from",
            "von",
            "de",
            "da",
            "van",
            "od",
            "från",
            "fra",
            "lähettäjä",
            "от",
            "kimden",
            "差出人",
            "发件人",
            "寄件者",
            "보낸 사람",
            "mittente",
            "expéditeur",
            "absender");
    private static final Set<String> SENT = Set.of(
            "sent",
            "date",
            "gesendet",
            "datum",
            "envoyé",
            "enviado",
            "enviado el",
            "enviada em",
            "enviado em",
            "data",
            "inviato",
            "verzonden",
            "wysłano",
            "skickat",
            "sendt",
            "lähetetty",
            "отправлено",
            "дата",
            "gönderildi",
            "送信日時",
            "日時",
            "日付",
            "发送时间",
            "寄件日期",
            "보낸 날짜",
            "fecha",
            "envoyé le");
    private static final Set<String> SUBJECT = Set.of(
            "subject",
            "betreff",
            "objet",
            "asunto",
            "assunto",
            "oggetto",
            "onderwerp",
            "temat",
            "ämne",
            "emne",
            "aihe",
            "тема",
            "konu",
            "předmět",
            "件名",
            "主题",
            "主旨",
            "제목");
    private static final Pattern TIME_OR_ADDRESS = Pattern.compile("@|\\d{1,2}[:.h]\\d{2}|\\d{1,2}時\\d{2}");

    private Attribution() {}

    private static Pattern introduction(String regex) {
        return Pattern.compile("\\s*" + regex + "\\s*", FLAGS);
    }

    /** How many lines from there on introduce a quoted mail; nought where they do not. */
    static int linesAt(List<String> lines, int at) {
        String first = lines.get(at);
        if (first.isBlank() || first.startsWith(">") || first.length() > MAX_LENGTH) {
            return 0;
        }
        StringBuilder joined = new StringBuilder();
        for (int i = at; i < Math.min(lines.size(), at + MAX_LINES); i++) {
            String line = lines.get(i);
            if (line.isBlank() || line.startsWith(">") || joined.length() + line.length() > MAX_LENGTH) {
                return 0;
            }
            joined.append(joined.isEmpty() ? "" : " ").append(line.strip());
            String so = joined.toString();
            boolean ends = so.endsWith(":") || so.endsWith("：") || so.endsWith(">");
            if (ends
                    && hasDateOrAddress(so)
                    && INTRODUCTIONS.stream().anyMatch(p -> p.matcher(so).matches())) {
                return i - at + 1;
            }
            if (ends && so.length() > line.length() * 2 && i > at + 1) {
                return 0;
            }
        }
        return 0;
    }

    /** Whether an introduction names a time of day or an address, as programs do and people seldom do. */
    static boolean isByProgram(List<String> introduction) {
        return TIME_OR_ADDRESS.matcher(String.join(" ", introduction)).find();
    }

    private static boolean hasDateOrAddress(String text) {
        return text.indexOf('@') >= 0 || text.chars().anyMatch(c -> c >= '0' && c <= '9');
    }

    /** "-----Original Message-----" */
    static boolean isOriginalMark(String line) {
        return line.length() < 200 && ORIGINAL.matcher(line).matches();
    }

    /** "---------- Forwarded message ---------" */
    static boolean isForwardMark(String line) {
        return line.length() < 400 && FORWARDED.matcher(line).matches();
    }

    /** "Please reply above this line", as ticket systems write it. */
    static boolean isReplyAboveMark(String line) {
        return line.length() < 200 && ABOVE_THIS_LINE.matcher(line).matches();
    }

    /** Outlook's block: From, Sent, To and Subject, one under the other. Without a subject it may be a journey. */
    static boolean isHeaderBlock(List<String> lines, int at) {
        if (!FROM.contains(label(lines.get(at)))) {
            return false;
        }
        boolean sent = false;
        boolean subject = false;
        for (int i = at + 1; i < Math.min(lines.size(), at + 10); i++) {
            String label = label(lines.get(i));
            sent |= SENT.contains(label);
            subject |= SUBJECT.contains(label);
        }
        return sent && subject;
    }

    private static String label(String line) {
        String plain = line.replace("*", "").replace('：', ':');
        int colon = plain.indexOf(':');
        return colon <= 0 || colon > 30 ? "" : plain.substring(0, colon).strip().toLowerCase(Locale.ROOT);
    }
}
