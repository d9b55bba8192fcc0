package io.opsrelay.agent.privacy;

import io.opsrelay.agent.privacy.Words.Word;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Finds names where wording tells that one follows: an introduction, a salutation, a signature; and the names that are
 * known beforehand. A name that stands alone in a sentence is not found: rules cannot tell it from any other noun.
 */
final class Names {

    private static final int MOST_WORDS = 4;
    private static final int LONGEST_SIGNATURE = 50;
    private static final int SHORTEST_KNOWN = 3;

    private static final List<String[]> INTRODUCTIONS = phrases(
            "my name is",
            "my name's",
            "the name is",
            "ich heiße",
            "ich heisse",
            "mein name ist",
            "mein name lautet",
            "je m'appelle",
            "mon nom est",
            "me llamo",
            "mi nombre es",
            "mi chiamo",
            "il mio nome è",
            "il mio nome e",
            "ik heet",
            "mijn naam is",
            "o meu nome é",
            "o meu nome e",
            "meu nome é",
            "meu nome e",
            "me chamo",
            "chamo-me",
            "nazywam się",
            "nazywam sie",
            "jag heter",
            "mitt namn är",
            "mitt namn ar");

    /** What follows is a name only if it is written as one, with a surname. */
    private static final List<String[]> WEAK_INTRODUCTIONS =
            phrases("i am", "i'm", "this is", "hier ist", "hier spricht", "je suis", "ici", "soy", "aqui", "sono");

    private static final Set<String> TITLES = Set.of(
            "mr",
            "mrs",
            "ms",
            "mx",
            "miss",
            "dr",
            "prof",
            "professor",
            "herr",
            "herrn",
            "frau",
            "mme",
            "mlle",
            "monsieur",
            "madame",
            "mademoiselle",
            "senor",
            "senora",
            "senorita",
            "sr",
            "sra",
            "srta",
            "don",
            "dona",
            "signor",
            "signora",
            "sig",
            "dhr",
            "mevr",
            "mevrouw",
            "meneer",
            "sir");

    private static final Set<String> PARTICLES = Set.of(
            "von", "van", "de", "la", "der", "den", "del", "di", "da", "dos", "du", "le", "zu", "zur", "vom", "ten",
            "ter", "el", "al", "bin", "ibn", "y", "und");

    private static final List<String[]> CLOSINGS = phrases(
            "kind regards",
            "best regards",
            "warm regards",
            "many thanks and regards",
            "regards",
            "best wishes",
            "all the best",
            "best",
            "yours sincerely",
            "sincerely",
            "sincerely yours",
            "yours faithfully",
            "yours truly",
            "yours",
            "thanks",
            "many thanks",
            "thanks in advance",
            "thank you",
            "cheers",
            "mit freundlichen grüßen",
            "mit freundlichen grussen",
            "mit freundlichen gruessen",
            "mit freundlichem gruß",
            "mit besten grüßen",
            "freundliche grüße",
            "freundliche grusse",
            "viele grüße",
            "viele grusse",
            "liebe grüße",
            "liebe grusse",
            "beste grüße",
            "beste grusse",
            "schöne grüße",
            "herzliche grüße",
            "vielen dank",
            "danke",
            "mfg",
            "lg",
            "vg",
            "gruß",
            "grüße",
            "cordialement",
            "bien cordialement",
            "bien à vous",
            "salutations",
            "sincères salutations",
            "merci",
            "merci d'avance",
            "un saludo",
            "saludos",
            "saludos cordiales",
            "un cordial saludo",
            "atentamente",
            "gracias",
            "muchas gracias",
            "cordiali saluti",
            "distinti saluti",
            "grazie",
            "met vriendelijke groet",
            "met vriendelijke groeten",
            "groeten",
            "atenciosamente",
            "cumprimentos",
            "obrigado",
            "obrigada",
            "pozdrawiam",
            "z poważaniem",
            "vänliga hälsningar",
            "hälsningar");

    /** Last words of closings behind which hardly anything but a name comes. */
    private static final List<String> SIGNING = List.of(
            "regards",
            "sincerely",
            "faithfully",
            "grus",
            "gruß",
            "grue",
            "cordialement",
            "salutations",
            "saludo",
            "atentamente",
            "saluti",
            "groet",
            "atenciosamente");

    private static final Set<String> GREETINGS = Set.of(
            "dear",
            "hi",
            "hello",
            "hey",
            "hallo",
            "liebe",
            "lieber",
            "bonjour",
            "cher",
            "chere",
            "salut",
            "hola",
            "querido",
            "querida",
            "estimado",
            "estimada",
            "ciao",
            "gentile",
            "beste",
            "ola");

    /** Lines behind a closing that are no person's. */
    private static final Set<String> NO_NAMES = Set.of(
            "team",
            "support",
            "gmbh",
            "inc",
            "ltd",
            "ag",
            "sarl",
            "department",
            "customer",
            "service",
            "kundenservice",
            "order",
            "bestellung",
            "commande",
            "pedido",
            "ps",
            "sent",
            "gesendet",
            "envoyé",
            "the",
            "and",
            "please",
            "i",
            "you",
            "your",
            "for",
            "madam",
            "sir",
            "advance",
            "so",
            "very",
            "much",
            "in",
            "im",
            "ich",
            "we",
            "my",
            "it");

    private static final Set<String> STOPS = Set.of(
            "and",
            "but",
            "from",
            "with",
            "i",
            "my",
            "of",
            "at",
            "in",
            "und",
            "aber",
            "ich",
            "aus",
            "mit",
            "et",
            "mais",
            "je",
            "y",
            "pero",
            "de",
            "e",
            "en",
            "a",
            "the",
            "not",
            "on",
            "is",
            "ist",
            "est",
            "es",
            "wrong",
            "misspelled",
            "falsch",
            "missing");

    private Names() {}

    static void find(Words words, Collection<String> known, List<Finding> found) {
        for (int i = 0; i < words.size(); i++) {
            introduction(words, i, found);
            weakIntroduction(words, i, found);
            title(words, i, found);
            closing(words, i, found);
            greeting(words, i, found);
        }
        known(words, known, found);
    }

    private static void introduction(Words words, int i, List<Finding> found) {
        for (String[] phrase : INTRODUCTIONS) {
            int first = i + phrase.length;
            if (words.startsWith(i, phrase) && first < words.size() && words.follows(first - 1, " \t:")) {
                add(
                        words,
                        first,
                        words.isCapital(first) ? nameEnd(words, first) : uncapitalisedEnd(words, first),
                        found);
            }
        }
    }

    private static void weakIntroduction(Words words, int i, List<Finding> found) {
        for (String[] phrase : WEAK_INTRODUCTIONS) {
            int first = i + phrase.length;
            if (words.startsWith(i, phrase)
                    && words.follows(first - 1, " ")
                    && isWrittenAsName(words, first)
                    && words.follows(first, " ")
                    && isWrittenAsName(words, first + 1)) {
                add(words, first, nameEnd(words, first), found);
            }
        }
    }

    private static boolean isWrittenAsName(Words words, int i) {
        return isName(words, i) && words.isCapital(i) && !isShouted(words, i);
    }

    private static boolean isShouted(Words words, int i) {
        return Character.isUpperCase(words.text().around(words.get(i).end() - 1))
                && words.get(i).length() > 1;
    }

    private static void title(Words words, int i, List<Finding> found) {
        boolean abbreviated =
                words.lower(i).equals("m") && words.text().around(words.get(i).end()) == '.';
        if ((TITLES.contains(words.lower(i)) || abbreviated)
                && (words.isCapital(i) || words.get(i).length() <= 4)
                && !(isShouted(words, i) && words.get(i).length() > 2)
                && words.follows(i, " .\t")
                && words.isCapital(i + 1)
                && !TITLES.contains(words.lower(i + 1))
                && !NO_NAMES.contains(words.lower(i + 1))) {
            add(words, i + 1, nameEnd(words, i + 1), found);
        }
    }

    private static void closing(Words words, int i, List<Finding> found) {
        if (!beginsLine(words, i)) {
            return;
        }
        for (String[] phrase : CLOSINGS) {
            int first = i + phrase.length;
            if (words.startsWith(i, phrase) && first < words.size() && words.follows(first - 1, " ,.!-\t\r\n")) {
                signature(words, first, found);
                smallSignature(words, first, phrase[phrase.length - 1], found);
            }
        }
    }

    /** "Dear Jane," at the beginning of a line. */
    private static void greeting(Words words, int i, List<Finding> found) {
        if (GREETINGS.contains(words.lower(i))
                && words.isCapital(i)
                && beginsLine(words, i)
                && words.follows(i, " ")
                && isWrittenAsName(words, i + 1)
                && !TITLES.contains(words.lower(i + 1))) {
            int last = nameEnd(words, i + 1);
            char behind = words.text().around(words.get(last).end());
            if (behind == ',' || behind == '!' || endsLine(words, last)) {
                add(words, i + 1, last, found);
            }
        }
    }

    private static void signature(Words words, int first, List<Finding> found) {
        String word = words.lower(first);
        if (PARTICLES.contains(word) || word.startsWith("d'") || word.startsWith("l'")) {
            return; // "MERCI D'AVANCE"
        }
        int last = first;
        int start = words.get(first).start();
        while (last - first < MOST_WORDS && isName(words, last)) {
            if (!words.follows(last, " .\t") || words.get(last + 1).end() - start > LONGEST_SIGNATURE) {
                if (endsLine(words, last)) {
                    add(words, first, last, found);
                }
                return;
            }
            last++;
        }
    }

    /** "best regards, mary major", with nothing behind it. */
    private static void smallSignature(Words words, int first, String closing, List<Finding> found) {
        int last = words.size() - 1;
        if (last - first >= MOST_WORDS - 1 || SIGNING.stream().noneMatch(closing::startsWith)) {
            return;
        }
        for (int i = first; i <= last; i++) {
            if (STOPS.contains(words.lower(i)) || NO_NAMES.contains(words.lower(i)) || !isLetters(words.get(i))) {
                return;
            }
        }
        add(words, first, last, found);
    }

    private static boolean isName(Words words, int i) {
        return (words.isCapital(i) || PARTICLES.contains(words.lower(i)))
                && !NO_NAMES.contains(words.lower(i))
                && isLetters(words.get(i));
    }

    private static boolean isLetters(Word word) {
        return word.lower().chars().allMatch(c -> Character.isLetter(c) || c == '\'' || c == '-');
    }

    private static boolean beginsLine(Words words, int i) {
        FoldedText text = words.text();
        int at = words.get(i).start() - 1;
        for (int n = 0; n < 4 && (text.around(at) == ' ' || text.around(at) == '\t'); n++) {
            at--;
        }
        char before = text.around(at);
        return before == '\n' || before == '\r' || before == '.' || before == '!' || before == '?' || before == ',';
    }

    private static boolean endsLine(Words words, int i) {
        FoldedText text = words.text();
        int at = words.get(i).end();
        for (int n = 0; n < 4 && (text.around(at) == ' ' || text.around(at) == '.' || text.around(at) == ','); n++) {
            at++;
        }
        return text.around(at) == '\n' || text.around(at) == '\r';
    }

    /** Capitalised words and the particles between them. */
    private static int nameEnd(Words words, int first) {
        int last = first;
        int next = first;
        while (next + 1 < words.size() && next + 1 - first < MOST_WORDS + 1) {
            boolean initial = words.get(next).length() == 1;
            if (!words.follows(next, initial ? " ." : " ")) {
                break;
            }
            next++;
            if (words.isCapital(next) && isLetters(words.get(next)) && !NO_NAMES.contains(words.lower(next))) {
                last = next;
            } else if (!PARTICLES.contains(words.lower(next))) {
                break;
            }
        }
        return last;
    }

    /** People in a hurry write their names small: two words at most then, as far as they can be names. */
    private static int uncapitalisedEnd(Words words, int first) {
        if (STOPS.contains(words.lower(first)) || !isLetters(words.get(first))) {
            return -1;
        }
        boolean two = words.follows(first, " ")
                && !STOPS.contains(words.lower(first + 1))
                && isLetters(words.get(first + 1))
                && (!words.follows(first + 1, " ") || STOPS.contains(words.lower(first + 2)));
        return two ? first + 1 : first;
    }

    private static void known(Words words, Collection<String> known, List<Finding> found) {
        for (String name : known) {
            Words parts = Words.of(FoldedText.of(name));
            if (parts.size() == 0
                    || parts.size() > MOST_WORDS + 2
                    || name.strip().length() < SHORTEST_KNOWN) {
                continue;
            }
            String[] expected = new String[parts.size()];
            for (int n = 0; n < expected.length; n++) {
                expected[n] = parts.lower(n);
            }
            for (int i = 0; i < words.size(); i++) {
                // One word alone may be an ordinary one ("mark", "may"), unless it is written as a name.
                if (words.startsWith(i, expected) && (expected.length > 1 || words.isCapital(i))) {
                    add(words, i, i + expected.length - 1, found);
                }
            }
        }
    }

    private static void add(Words words, int first, int last, List<Finding> found) {
        if (last >= first) {
            found.add(new Finding(
                    Kind.NAME, words.get(first).start(), words.get(last).end()));
        }
    }

    /** The phrases as they look when folded, so without accents. */
    private static List<String[]> phrases(String... phrases) {
        return Arrays.stream(phrases)
                .map(phrase ->
                        FoldedText.of(phrase).text().toLowerCase(Locale.ROOT).split(" "))
                .toList();
    }
}
