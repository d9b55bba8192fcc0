package io.opsrelay.ingestion.mime.reply;

import java.util.List;
import java.util.regex.Pattern;

/** Where a signature begins: the two hyphens of old, and what telephones put under every mail. */
final class Signatures {

    private static final int MAX_SIGNATURE_LINES = 25;
    private static final Pattern DEVICE = Pattern.compile(
            "\\s*(?:sent (?:from|via|with) (?:my|yahoo|mail|outlook|samsung|the|a|an|gmx|proton|aol|xperia|blackberry|"
                    + "iphone|ipad|android|huawei|zimbra)\\b.{0,80}"
                    + "|get outlook for .{0,40}|sent using .{0,60}"
                    + "|(?:von|aus) mein(?:em|er) .{0,40} gesendet.{0,20}|gesendet (?:von|mit|aus|über) .{0,60}"
                    + "|diese nachricht wurde von mein.{0,60} gesendet.{0,20}"
                    + "|envoyé (?:de|depuis|à partir de|avec) .{0,60}|télécharger outlook pour .{0,40}"
                    + "|enviado (?:desde|do|de|a partir|via) .{0,60}|obtener outlook para .{0,40}|obter o outlook para .{0,40}"
                    + "|inviato (?:da|dal) .{0,60}|scarica outlook per .{0,40}"
                    + "|verstuurd (?:vanaf|vanuit|met) .{0,60}|verzonden (?:vanaf|met) .{0,60}|outlook voor .{0,40} downloaden"
                    + "|wysłan[eoa] z .{0,60}|skickat från .{0,60}|sendt fra .{0,60}|lähetetty .{0,40}"
                    + "|отправлено с .{0,60}|odesláno z .{0,60}|.{0,40}から送信|从我的.{0,30}发送|發自我的.{0,30}|나의 .{0,20}에서 보냄)[.!]?\\s*",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

    /** Without one of these, "sent from the warehouse on Monday" would be a signature. */
    private static final Pattern DEVICE_NAME = Pattern.compile(
            "iphone|ipad|apple|android|samsung|galaxy|huawei|xiaomi|pixel|nokia|xperia|blackberry|windows|outlook|yahoo|gmail"
                    + "|gmx|web\\.de|proton|tutanota|mail|aol\\b|zimbra|mobil|móvil|movil|handy|smartphone|téléphone|telefon"
                    + "|phone|tablet|t-online|cellulare|komór|icloud|thunderbird|\\bmac\\b|スマ|携帯|手机|手機|폰",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

    private Signatures() {}

    /** The lines before the signature; all of them where there is none, or nothing before it. */
    static List<String> without(List<String> lines) {
        List<String> rest = withoutDevice(lines);
        for (int i = rest.size() - 1; i >= Math.max(0, rest.size() - MAX_SIGNATURE_LINES); i--) {
            String line = rest.get(i);
            if (line.equals("-- ") || line.equals("--") || line.equals("--\u00a0")) {
                return hasWords(rest.subList(0, i)) ? withoutDevice(rest.subList(0, i)) : rest;
            }
        }
        return rest;
    }

    private static List<String> withoutDevice(List<String> lines) {
        int end = lines.size();
        while (end > 0 && lines.get(end - 1).isBlank()) {
            end--;
        }
        if (end > 0
                && lines.get(end - 1).length() < 200
                && DEVICE.matcher(lines.get(end - 1)).matches()
                && DEVICE_NAME.matcher(lines.get(end - 1)).find()
                && hasWords(lines.subList(0, end - 1))) {
            return lines.subList(0, end - 1);
        }
        return lines;
    }

    static boolean hasWords(List<String> lines) {
        return lines.stream().anyMatch(line -> !line.isBlank());
    }
}
