package io.opsrelay.agent.draft;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a reply may claim to have been done, and after which actions it may. Told by words of the four languages that
 * replies are written in: too careful costs a phrase, too careless money.
 */
enum Claim {
    MONEY(
            Set.of("refund"),
            "refunded|reimburs|credited|erstattet|gutgeschrieben|uberwiesen|rembours|credite|reembols|abonado|devuelt[oa]",
            "zuruckgezahlt|zuruckgebucht|ruckvergutet",
            // English: neither what will be nor what happens once something else has.
            "(?<!\\b(?:once|if|when|after|until|unless|whether|as soon as)\\b[^.!?,:;]{0,60})\\brefund\\b~{0,60}"
                    + "\\b(?:(?:has|have|was|were|been|got)(?: \\w+){0,3} (?:processed|issued|made|completed|sent|initiated"
                    + "|approved|paid|granted|executed)|is(?: \\w+){0,2} (?:complete|done|on its way|through|approved))\\b",
            Words.WE
                    + "(?: \\w+){0,2} (?:sent|returned|paid|transferred|issued|processed|made|given|gave|granted|initiated"
                    + "|completed|approved|arranged|executed|wired)\\b~{0,60}"
                    + "(?:\\b(?:refund|money|amount|sum|payment)\\b|\\d ?(?:eur|usd|gbp|chf|[€$£])|[€$£] ?\\d)",
            "\\b(?:money|amount|sum|payment)\\b~{0,60}\\b(?:has|have|was|were|been)(?: \\w+){0,3} "
                    + "(?:returned|sent|paid|transferred|wired|given)\\b",
            "\\b(?:ruckerstattung|erstattung|ruckzahlung|geld|betrag)\\b~{0,60}\\b(?:wurden?|ist|sind|habe|haben)\\b~{0,60}"
                    + Words.PAID_DE,
            Words.WIR + "~{0,100}\\b(?:ruckerstattung|erstattung|ruckzahlung|geld|betrag)\\b~{0,60}" + Words.PAID_DE,
            Words.HEMOS + "(?: \\w+){0,3} " + Words.PAID_ES + "~{0,40}\\b" + Words.MONEY_ES,
            Words.MONEY_ES + "\\b~{0,60}\\b(?:ha|han|fue|fueron)(?: \\w+){0,3} " + Words.PAID_ES,
            Words.AVONS + "(?: \\w+){0,3} " + Words.PAID_FR + "~{0,40}\\b" + Words.MONEY_FR,
            Words.MONEY_FR + "\\b~{0,60}\\b(?:a|ont|est|sont)(?: \\w+){0,3} " + Words.PAID_FR),

    PASSWORD(
            Set.of("password_reset"),
            "i have reset|we have reset|has been reset|was reset|zuruckgesetzt|reinitialis|restablec",
            Words.WE + "(?: \\w+){0,2} (?:reset|sent|mailed|e-?mailed)\\b~{0,60}\\b(?:link|password|code)\\b",
            "\\b(?:link|password)\\b~{0,40}\\b(?:has|have|was|were|been)(?: \\w+){0,3} "
                    + "(?:sent|mailed|e-?mailed|renewed|changed)\\b",
            "\\b(?:link|passwort|kennwort)\\b~{0,60}\\b(?:geschickt|gesendet|zugesandt|zugeschickt|versandt|verschickt)\\b",
            Words.HEMOS + "(?: \\w+){0,3} enviad[oa]s?\\b~{0,40}\\b(?:enlace|contrasena)\\b",
            Words.AVONS + "(?: \\w+){0,3} envoyee?s?\\b~{0,40}\\b(?:lien|mot de passe)\\b"),

    SERVICE(
            Set.of("restart_deployment", "scale_deployment", "rollout_restart"),
            "restarted|rebooted|scaled|neu gestartet|neugestartet|redemarr|reinici"),

    REPORT(
            Set.of("bug_report"),
            Words.WE
                    + "(?: \\w+){0,2} (?:filed|opened|created|submitted|reported|raised|logged|passed|forwarded|informed|told)"
                    + "\\b~{0,60}\\b(?:bug|report|issue|ticket|developers|engineers|engineering)\\b",
            "\\b(?:bug|report|issue)\\b~{0,40}\\b(?:has|have|was|were|been)(?: \\w+){0,3} "
                    + "(?:filed|opened|created|submitted|reported|raised|logged|forwarded)\\b",
            Words.WIR + "~{0,60}\\b(?:fehler|fehlerbericht|problem|entwickler\\w*|entwicklung)\\b~{0,60}"
                    + "\\b(?:gemeldet|erfasst|weitergegeben|weitergeleitet|informiert|angelegt)\\b",
            Words.HEMOS
                    + "(?: \\w+){0,3} (?:informad|registrad|cread|abiert|comunicad|notificad|reportad)[oa]s?\\b~{0,60}"
                    + "\\b(?:error|fallo|problema|incidencia|desarroll\\w+)\\b",
            Words.AVONS + "(?: \\w+){0,3} (?:signale|cree|ouvert|transmis|informe|enregistre)e?s?\\b~{0,60}"
                    + "\\b(?:bug|erreur|probleme|anomalie|developp\\w+)\\b"),

    /** What none of the agent's actions does. An order that was looked up may have been cancelled all the same. */
    CHANGE(
            Set.of(),
            Words.WE + "(?: \\w+){0,2} " + Words.CHANGED_EN,
            "\\b(?:your\\b~{0,80}|(?:it|that|this|they|everything|all) )\\b(?:has|have|was|were|been|is now|are now)"
                    + "(?: \\w+){0,2} " + Words.CHANGED_EN,
            Words.WIR + "~{0,100}\\b" + Words.CHANGED_DE,
            "\\b(?:ihre?[nmrs]?|deine?[nmrs]?|es|das|sie|alles)\\b~{0,80}\\b(?:wurden?|ist|sind)\\b~{0,60}\\b"
                    + Words.CHANGED_DE,
            Words.HEMOS + "(?: \\w+){0,3} " + Words.CHANGED_ES,
            "\\b(?:sus?|tus?|todo)\\b~{0,80}\\b(?:ha|han|fue|fueron|esta|estan|queda)(?: \\w+){0,3} "
                    + Words.CHANGED_ES,
            Words.AVONS + "(?: \\w+){0,3} " + Words.CHANGED_FR,
            "\\b(?:votre|vos|ton|ta|tes|tout|il|elle|cela)\\b~{0,80}\\b(?:a ete|ont ete|est|sont)(?: \\w+){0,3} "
                    + Words.CHANGED_FR);

    // Set.of and List.of cannot be changed.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<String> actions;

    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Pattern> patterns;

    /** @param patterns in which {@code ~} stands for a character within the sentence */
    Claim(Set<String> actions, String... patterns) {
        this.actions = actions;
        this.patterns = Stream.of(patterns)
                .map(pattern -> Pattern.compile(pattern.replace("~", "(?:(?![.!?](?: |$)).)")))
                .toList();
    }

    /**
     * The words of a claim that nothing bears out.
     *
     * @param done types of the actions that were carried out
     * @param lookedUp what other systems say
     */
    static Optional<String> unfounded(String reply, Set<String> done, List<String> lookedUp) {
        String plain = plain(reply);
        String found = plain(String.join(" ", lookedUp));
        return Arrays.stream(values())
                .filter(claim -> claim.actions.stream().noneMatch(done::contains))
                .flatMap(claim -> claim.patterns.stream().flatMap(pattern -> claim.madeIn(plain, pattern, found)))
                .findFirst();
    }

    private Stream<String> madeIn(String plain, Pattern pattern, String found) {
        return pattern.matcher(plain)
                .results()
                .map(MatchResult::group)
                .filter(words -> this != CHANGE || !found.contains(words.substring(words.lastIndexOf(' ') + 1)));
    }

    /** In lower case without accents, on one line. */
    private static String plain(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKD)
                .replaceAll("\\p{M}", "")
                .replace('’', '\'')
                .replaceAll("\\s+", " ")
                .toLowerCase(Locale.ROOT);
    }

    /** Parts of patterns; in plain form, so without accents. */
    private static final class Words {
        static final String WE = "\\b(?:i|we)\\b(?:'ve| have| had)?";
        static final String WIR = "\\b(?:ich habe|wir haben|habe ich|haben wir)\\b";
        static final String HEMOS = "\\b(?:he|hemos|ha|han)\\b";
        static final String AVONS = "\\b(?:ai|avons|a|ont)\\b";

        static final String PAID_DE = "\\b(?:veranlasst|bearbeitet|angewiesen|abgeschlossen|durchgefuhrt|ausgelost"
                + "|ausgezahlt|zuruckgegeben|zuruckgeschickt|geschickt|gesendet|genehmigt|unterwegs|erfolgt)\\b";
        static final String PAID_ES = "(?:ingresad|transferid|pagad|enviad|abonad)[oa]s?\\b";
        static final String MONEY_ES = "(?:dinero|importe|pago|cantidad)";
        static final String PAID_FR = "(?:rendu|verse|vire|renvoye|envoye|restitue)e?s?\\b";
        static final String MONEY_FR = "(?:argent|somme|montant|paiement)";

        static final String CHANGED_EN = "(?:cancell?ed|changed|updated|deleted|erased|removed|closed|blocked|unblocked"
                + "|unlocked|deactivated|activated|upgraded|downgraded|terminated|waived|replaced|corrected|unsubscribed"
                + "|rebooked|rescheduled)\\b";
        static final String CHANGED_DE =
                "(?:storniert|gekundigt|geandert|aktualisiert|geloscht|entfernt|geschlossen|gesperrt"
                        + "|entsperrt|freigeschaltet|deaktiviert|aktiviert|verlangert|ersetzt|korrigiert|umgebucht|abgemeldet)\\b";
        static final String CHANGED_ES =
                "(?:cancelad|cambiad|modificad|actualizad|eliminad|borrad|anulad|cerrad|bloquead"
                        + "|desbloquead|desactivad|activad|corregid|sustituid)[oa]s?\\b";
        static final String CHANGED_FR =
                "(?:(?:annul|modifi|chang|supprim|effac|resili|ferm|bloqu|debloqu|desactiv|activ"
                        + "|corrig|remplac|actualis)ee?s?|mise?s? a jour)\\b";
    }
}
