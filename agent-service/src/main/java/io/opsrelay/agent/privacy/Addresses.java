package io.opsrelay.agent.privacy;

import java.util.List;
import java.util.Set;

/**
 * Finds postal addresses that name a street and a number, in the forms of English, German, Dutch, French, Spanish, Italian
 * and Portuguese, with postcode and town behind them. A town alone is no address.
 */
final class Addresses {

    private static final String BLANK = " \t";
    private static final String LINE = " ,\t\r\n";
    private static final int MOST_NAME_WORDS = 6;

    private static final List<String> STREET_ENDINGS =
            List.of("strasse", "straße", "str", "allee", "gasse", "weg", "chaussee", "straat", "laan", "gracht");
    /** "Monitoring 3" and "Arbeitsplatz 5" are none: these need a postcode. */
    private static final List<String> WEAK_ENDINGS =
            List.of("platz", "ring", "damm", "ufer", "steig", "markt", "hof", "plein", "berg", "graben");

    private static final Set<String> ENGLISH_TYPES = Set.of(
            "street",
            "st",
            "road",
            "rd",
            "avenue",
            "ave",
            "lane",
            "ln",
            "drive",
            "dr",
            "boulevard",
            "blvd",
            "court",
            "ct",
            "square",
            "sq",
            "terrace",
            "place",
            "pl",
            "way",
            "close",
            "crescent",
            "highway",
            "hwy",
            "parkway",
            "pkwy",
            "gardens",
            "grove",
            "mews",
            "row");
    private static final Set<String> FRENCH_TYPES = Set.of(
            "rue",
            "avenue",
            "av",
            "boulevard",
            "bd",
            "blvd",
            "place",
            "chemin",
            "allee",
            "impasse",
            "quai",
            "route",
            "cours",
            "square",
            "passage",
            "faubourg");
    private static final Set<String> SOUTHERN_TYPES = Set.of(
            "calle",
            "c",
            "avenida",
            "avda",
            "av",
            "plaza",
            "pza",
            "paseo",
            "camino",
            "carretera",
            "ronda",
            "travesia",
            "via",
            "viale",
            "piazza",
            "corso",
            "largo",
            "vicolo",
            "rua",
            "travessa",
            "praca",
            "ul",
            "ulica");
    private static final Set<String> PARTICLES = Set.of(
            "de", "del", "du", "des", "la", "le", "les", "los", "las", "el", "da", "do", "dos", "di", "dei", "della",
            "et", "y", "e", "von", "van", "der", "den", "und", "sur", "st", "ste", "saint", "sainte", "san", "santa");
    private static final Set<String> ARTICLES = Set.of("den", "der", "dem", "des", "alten", "von", "de", "la");
    private static final Set<String> NUMBER_WORDS = Set.of("n", "no", "nº", "num", "numero", "nr");
    private static final Set<String> UNITS =
            Set.of("apt", "apartment", "flat", "suite", "unit", "ste", "room", "floor");
    private static final Set<String> COUNTRY_PREFIXES =
            Set.of("d", "a", "ch", "f", "e", "i", "b", "nl", "de", "at", "fr", "es");

    private Addresses() {}

    static void find(Words words, List<Finding> found) {
        for (int i = 0; i < words.size(); i++) {
            german(words, i, found);
            if (words.isNumber(i)) {
                english(words, i, found);
                french(words, i, found);
                anyWithTown(words, i, found);
            } else if (SOUTHERN_TYPES.contains(words.lower(i))) {
                southern(words, i, found);
            }
            box(words, i, found);
        }
    }

    /** Hauptstraße 12, Berliner Str. 5a, 10115 Berlin */
    private static void german(Words words, int i, List<Finding> found) {
        if (!words.isCapital(i) || !words.follows(i, " .\t") || !isHouseNumber(words, i + 1)) {
            return;
        }
        String street = words.lower(i);
        boolean alone = STREET_ENDINGS.contains(street) && isStreetName(words, i - 1);
        boolean strong = alone || ends(street, STREET_ENDINGS);
        boolean weak = !strong
                && (ends(street, WEAK_ENDINGS) || (WEAK_ENDINGS.contains(street) && isStreetName(words, i - 1)));
        if (!strong && !weak) {
            return;
        }
        int number = i + 1;
        if ((words.follows(number, "-") && words.isNumber(number + 1))
                || (words.follows(number, BLANK) && words.lower(number + 1).matches("[a-h]"))) {
            number++;
        }
        int end = town(words, number);
        if (weak && end == number) {
            return;
        }
        int first = i;
        while ((alone || WEAK_ENDINGS.contains(street)) && i - first < 3 && isStreetName(words, first - 1)) {
            first--;
        }
        add(words, first, end, found);
    }

    private static boolean isStreetName(Words words, int i) {
        return words.isCapital(i) && words.follows(i, " -.");
    }

    private static boolean ends(String word, List<String> endings) {
        for (String ending : endings) {
            if (word.endsWith(ending) && word.length() >= ending.length() + 3) {
                return true;
            }
        }
        return false;
    }

    /** 221B Baker Street, London NW1 6XE; 350 Fifth Ave, Apt 4, New York, NY 10118 */
    private static void english(Words words, int i, List<Finding> found) {
        if (!isHouseNumber(words, i)) {
            return;
        }
        for (int type = i + 2; type <= i + 5; type++) {
            boolean name = words.follows(type - 2, " .") && (words.isCapital(type - 1) || isOrdinal(words, type - 1));
            if (!name) {
                return;
            }
            boolean described = type > i + 2 || !ENGLISH_TYPES.contains(words.lower(type - 1));
            if (described
                    && ENGLISH_TYPES.contains(words.lower(type))
                    && words.isCapital(type)
                    && words.follows(type - 1, " .")) {
                int end = type;
                if (words.follows(end, " ,.#")
                        && UNITS.contains(words.lower(end + 1))
                        && words.follows(end + 1, " .#")) {
                    end += 2;
                } else if (words.follows(end, " ,.#")
                        && words.text().around(words.get(end + 1).start() - 1) == '#') {
                    end++;
                }
                add(words, i, anglophoneTown(words, end), found);
                return;
            }
        }
    }

    private static boolean isOrdinal(Words words, int i) {
        return words.isNumber(i)
                && (words.lower(i).endsWith("th")
                        || words.lower(i).endsWith("st")
                        || words.lower(i).endsWith("nd")
                        || words.lower(i).endsWith("rd"));
    }

    /** The last word of "London NW1 6XE" or "New York, NY 10118", or {@code end} if no such thing follows. */
    private static int anglophoneTown(Words words, int end) {
        for (int i = end + 1; i <= end + 5 && words.follows(i - 1, " ,.\t\r\n"); i++) {
            String word = words.lower(i);
            boolean zip = words.isNumber(i) && word.length() == 5;
            boolean outward = word.matches("[a-z]{1,2}[0-9][0-9a-z]?")
                    && words.follows(i, BLANK)
                    && words.lower(i + 1).matches("[0-9][a-z]{2}");
            if (outward) {
                return i + 1;
            }
            if (zip) {
                return words.follows(i, "-")
                                && words.isNumber(i + 1)
                                && words.lower(i + 1).length() == 4
                        ? i + 1
                        : i;
            }
            if (!words.isCapital(i)) {
                break;
            }
        }
        return town(words, end);
    }

    /** 12 bis rue de la République, 69001 Lyon */
    private static void french(Words words, int i, List<Finding> found) {
        if (!isHouseNumber(words, i)) {
            return;
        }
        int type = i + 1;
        if (Set.of("bis", "ter", "quater").contains(words.lower(type)) && words.follows(i, BLANK)) {
            type++;
        }
        if (FRENCH_TYPES.contains(words.lower(type)) && words.follows(type - 1, " ,\t")) {
            int end = nameEnd(words, type);
            if (end > type) {
                add(words, i, town(words, end), found);
            }
        }
    }

    /** Calle de Alcalá, 15, 28014 Madrid; Via Roma 3 */
    private static void southern(Words words, int i, List<Finding> found) {
        boolean slash = words.lower(i).equals("c");
        if (slash && words.text().around(words.get(i).end()) != '/') {
            return;
        }
        int name = nameEnd(words, i);
        if (name == i) {
            return;
        }
        int number = name + 1;
        if (NUMBER_WORDS.contains(words.lower(number)) && words.follows(name, " ,.")) {
            number++;
        }
        if (isHouseNumber(words, number) && words.follows(number - 1, " ,.º°")) {
            add(words, i, town(words, number), found);
        }
    }

    /** The last word of a street's name: capitalised words with particles between them. */
    private static int nameEnd(Words words, int type) {
        int last = type;
        for (int i = type + 1; i <= type + MOST_NAME_WORDS && words.follows(i - 1, i == type + 1 ? " ./" : " '"); i++) {
            String word = words.lower(i);
            boolean elided = word.length() > 3 && (word.startsWith("l'") || word.startsWith("d'"));
            if (words.isCapital(i) || elided || (words.isNumber(i) && words.isCapital(i + 1) && i + 1 <= type + 4)) {
                last = i;
            } else if (!PARTICLES.contains(word)) {
                break;
            }
        }
        return last;
    }

    /** Unter den Linden 77, 10117 Berlin: no word says that it is a street, but the postcode behind it does. */
    private static void anyWithTown(Words words, int i, List<Finding> found) {
        if (!isHouseNumber(words, i) || !words.isCapital(i - 1) || !words.follows(i - 1, BLANK)) {
            return;
        }
        int end = town(words, i);
        boolean apart =
                end > i && !words.follows(i, BLANK) && words.lower(i + 1).length() == 5;
        if (!apart) {
            return;
        }
        int first = i - 1;
        while (i - first < 5
                && words.follows(first - 1, " .-")
                && (words.isCapital(first - 1)
                        || ARTICLES.contains(words.lower(first - 1))
                        || (words.isNumber(first - 1) && words.get(first - 1).length() <= 2))) {
            first--;
        }
        while (!words.isCapital(first)) {
            first++;
        }
        add(words, first, end, found);
    }

    /** P.O. Box 123, Postfach 12 34, Apartado 45, BP 12 */
    private static void box(Words words, int i, List<Finding> found) {
        boolean english = words.lower(i).equals("box")
                && (words.lower(i - 1).equals("o") || words.lower(i - 1).equals("po"));
        boolean named = Set.of("postfach", "postbus", "apartado").contains(words.lower(i)) && words.isCapital(i);
        if ((english || named) && words.follows(i, " .:#") && words.isNumber(i + 1)) {
            int end = words.follows(i + 1, " ")
                            && words.isNumber(i + 2)
                            && words.lower(i + 2).length() <= 2
                    ? i + 2
                    : i + 1;
            int first = english
                    ? words.lower(i - 1).equals("o") && words.lower(i - 2).equals("p") ? i - 2 : i - 1
                    : i;
            add(words, first, english ? anglophoneTown(words, end) : town(words, end), found);
        }
    }

    /** The last word of "10115 Berlin" behind the street, or {@code end} if no such thing follows. */
    private static int town(Words words, int end) {
        int postcode = end + 1;
        if (!words.follows(end, LINE)) {
            return end;
        }
        if (COUNTRY_PREFIXES.contains(words.lower(postcode)) && words.follows(postcode, "- ")) {
            postcode++;
        }
        if (words.lower(postcode).matches("[0-9]{2}")
                && words.follows(postcode, "-")
                && words.lower(postcode + 1).matches("[0-9]{3}")
                && words.follows(postcode + 1, BLANK)
                && words.isCapital(postcode + 2)) {
            return postcode + 2; // 00-590 Warszawa
        }
        boolean isPostcode = words.isNumber(postcode)
                && (words.lower(postcode).length() == 5 || words.lower(postcode).length() == 4);
        if (!isPostcode || !words.follows(postcode, " ,-")) {
            return end;
        }
        int town = postcode + 1;
        if (words.lower(town).matches("[a-z]{2}") && words.isCapital(town) && words.follows(town, BLANK)) {
            town++; // 1012 AB Amsterdam
        } else if (words.isNumber(town) && words.lower(town).length() == 3 && words.follows(town, BLANK)) {
            town++; // 1000-001 Lisboa
        }
        if (!words.isCapital(town)) {
            return end;
        }
        while (words.follows(town, " -") && words.isCapital(town + 1) && town - postcode < 3) {
            town++;
        }
        return town;
    }

    private static boolean isHouseNumber(Words words, int i) {
        if (!words.isNumber(i)) {
            return false;
        }
        String word = words.lower(i);
        int digits = 0;
        while (digits < word.length() && Character.isDigit(word.charAt(digits))) {
            digits++;
        }
        boolean plain =
                digits == word.length() || (digits == word.length() - 1 && Character.isLetter(word.charAt(digits)));
        return plain && digits <= 5;
    }

    private static void add(Words words, int first, int last, List<Finding> found) {
        found.add(new Finding(
                Kind.ADDRESS, words.get(first).start(), words.get(last).end()));
    }
}
