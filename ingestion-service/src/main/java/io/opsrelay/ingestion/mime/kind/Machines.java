package io.opsrelay.ingestion.mime.kind;

import io.opsrelay.ingestion.mime.MailKind;
import io.opsrelay.ingestion.mime.header.Headers;
import io.opsrelay.ingestion.mime.header.MessageIds;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Mails that a machine wrote in somebody's place or of its own accord. A subject alone never decides: people write
 * "Out of office" about their own holidays, too.
 */
final class Machines {

    private static final List<String> RESPONDER_HEADERS = List.of(
            "x-autoreply",
            "x-autorespond",
            "x-autoresponder",
            "x-auto-reply",
            "x-mail-autoreply",
            "x-autoreply-from",
            "x-auto-reply-from",
            "x-autoreply-domain",
            "x-autoresponse",
            "x-vacation");
    private static final Set<String> NO = Set.of("no", "none", "false", "0", "");
    private static final Pattern AWAY = Pattern.compile(
            "(?i)\\s*(?:re\\s*:|aw\\s*:)?\\s*(?:auto(?:matic|mated|mat(?:ed|ic))?[\\s-]*(?:reply|response|answer)|auto(?:re|-?)?respon.*|auto:|autoreply"
                    + "|out of (?:the )?office|away from (?:the |my )?office|on (?:vacation|holiday|leave)\\b|ooo\\b"
                    + "|abwesenheit|automatische antwort|ich bin (?:nicht im|im urlaub|außer haus)|urlaub\\b|außer haus|nicht im büro"
                    + "|réponse automatique|absence du bureau|absent(?:e)? du bureau|je suis absent|message d'absence"
                    + "|respuesta automática|fuera de (?:la )?oficina|ausencia|estoy fuera"
                    + "|resposta automática|ausência|fora do escritório|estou ausente"
                    + "|risposta automatica|fuori (?:sede|ufficio)|assenza"
                    + "|automatisch antwoord|afwezig|niet op kantoor"
                    + "|automatyczna odpowiedź|odpowiedź automatyczna|autoodpowiedź|poza biurem|nieobecność"
                    + "|automatiskt svar|autosvar|automatisk svar|fraværende|ikke til stede|frånvaro|automaattinen vastaus|poissa"
                    + "|автоответ|автоматический ответ|нет на месте|automatická odpověď|mimo kancelář|otomatik yanıt"
                    + "|自動応答|自動返信|不在|自动回复|自動回覆|자동 회신|부재중|your (?:mail|message|request|ticket) (?:has been|was) received"
                    + "|thank you for (?:contacting|your (?:mail|message|request))|we (?:have )?received your).*",
            Pattern.UNICODE_CASE);
    private static final Pattern NOBODY = Pattern.compile(
            "(?:no|do-?not|dont|donot)[._-]?reply.*|.*[._+-](?:no|do-?not)[._-]?reply|noreply.*|nicht-?antworten.*|ne-?pas-?repondre.*"
                    + "|no-?responder.*|bounces?(?:[+._-].*)?|mailer|listserv|majordomo|.*-(?:request|owner|bounces)");
    private static final Pattern CHALLENGE_SUBJECT =
            Pattern.compile("(?i).*(?:\\b(?:verify|confirm|conf)#|\\[boxtrapper\\]"
                    + "|your e?-?mail requires verification|verification required|please verify (?:that )?you are).*");
    private static final Pattern CHALLENGE_TEXT = Pattern.compile(
            "(?is).*(?:prove (?:that )?you(?:'re| are) (?:a )?(?:human|person|real)|verify (?:that )?you(?:'re| are) (?:a )?(?:human|real|person|not a)"
                    + "|confirm (?:that )?you(?:'re| are) (?:a )?(?:human|person|real|not a)|to (?:release|deliver) your (?:message|e?-?mail).{0,80}(?:click|reply)"
                    + "|has been (?:quarantined|held|placed on hold) (?:until|pending).{0,80}(?:confirm|verif)|challenge[ /-]response).*");

    private Machines() {}

    /** Whether it asks the sender to prove that he is a person. */
    static Optional<MailKind> challenge(Evidence mail) {
        Headers headers = mail.headers();
        boolean product = headers.hasAnyStartingWith("x-tmda-")
                || headers.lower("x-delivery-agent").startsWith("tmda")
                || headers.hasAnyStartingWith("x-boxtrapper")
                || headers.has("x-ask-auth")
                || headers.has("x-spamarrest-challenge");
        boolean asks = CHALLENGE_SUBJECT.matcher(mail.subject()).matches()
                || CHALLENGE_TEXT.matcher(start(mail.text())).matches();
        return asks && (product || sign(mail) != null) ? Optional.of(new MailKind.Challenge()) : Optional.empty();
    }

    /** Whether it answers in somebody's place, or came of its own accord. */
    static Optional<MailKind> machine(Evidence mail) {
        Headers headers = mail.headers();
        for (String name : RESPONDER_HEADERS) {
            if (headers.has(name) && !NO.contains(headers.lower(name))) {
                return Optional.of(new MailKind.AutoReply(name));
            }
        }
        if (isReply(headers)) {
            return Optional.of(new MailKind.AutoReply("auto-submitted or precedence"));
        }
        String sign = sign(mail);
        if (sign == null) {
            return Optional.empty();
        }
        boolean away = AWAY.matcher(mail.subject()).matches();
        if (away || (sign.equals("auto-submitted") && headers.has("in-reply-to"))) {
            return Optional.of(new MailKind.AutoReply(sign));
        }
        return isList(headers) && sign.equals("precedence")
                ? Optional.empty()
                : Optional.of(new MailKind.Generated(sign));
    }

    private static boolean isReply(Headers headers) {
        String precedence = headers.lower("precedence").replace('-', '_');
        return headers.lower("auto-submitted").startsWith("auto-replied")
                || headers.lower("auto-submitted").startsWith("auto-notified")
                || precedence.equals("auto_reply")
                || headers.lower("x-precedence").replace('-', '_').equals("auto_reply")
                || headers.lower("x-post-messageclass").contains("autoresponder")
                || headers.lower("delivered-by-the-graces-of").contains("vacation");
    }

    /** What shows that a machine sent it; null where nothing does. */
    private static @Nullable String sign(Evidence mail) {
        Headers headers = mail.headers();
        String submitted = headers.lower("auto-submitted").split("[\\s;(]", 2)[0];
        if (!NO.contains(submitted)) {
            return "auto-submitted";
        }
        String suppress = headers.lower("x-auto-response-suppress");
        if (!NO.contains(suppress)) {
            return "x-auto-response-suppress";
        }
        if (mail.hasEmptyReturnPath()) {
            return "empty return path";
        }
        if (headers.has("x-fc-machinegenerated")
                || headers.has("x-autogenerated")
                || headers.has("x-ms-exchange-generated-message-source")) {
            return "machine header";
        }
        if (NOBODY.matcher(mail.localPart()).matches() || Bounces.isDaemon(mail)) {
            return "sender nobody reads";
        }
        String precedence = headers.lower("precedence");
        return precedence.equals("bulk") || precedence.equals("junk") || precedence.equals("list")
                ? "precedence"
                : null;
    }

    /** Whether it came through a list or to many. */
    static Optional<MailKind> list(Evidence mail) {
        if (!isList(mail.headers())) {
            return Optional.empty();
        }
        String id = mail.headers().first("list-id");
        String bare = id == null ? null : MessageIds.one(id);
        return Optional.of(new MailKind.ListMail(bare));
    }

    private static boolean isList(Headers headers) {
        String precedence = headers.lower("precedence");
        return headers.has("list-id")
                || headers.has("list-post")
                || headers.has("list-unsubscribe")
                || headers.has("x-mailing-list")
                || headers.has("x-campaign-id")
                || headers.has("feedback-id")
                || precedence.equals("list")
                || precedence.equals("bulk");
    }

    private static String start(String text) {
        return text.length() > 4_000 ? text.substring(0, 4_000) : text;
    }
}
