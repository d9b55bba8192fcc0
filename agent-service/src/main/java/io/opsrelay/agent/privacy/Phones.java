package io.opsrelay.agent.privacy;

import com.google.i18n.phonenumbers.PhoneNumberMatch;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.Leniency;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds phone numbers. The international form is taken as it is; a national one must be valid in one of the regions that
 * our texts come from and look like a phone number: with a trunk 0, in groups, or behind a word that says so. A bare row
 * of digits is far likelier an order or a parcel.
 */
final class Phones {

    private static final PhoneNumberUtil UTIL = PhoneNumberUtil.getInstance();
    private static final List<String> REGIONS = List.of("US", "GB", "DE", "FR", "ES", "IT", "NL", "PL", "CH", "AT");
    /** Not somebody's number, or it would have been found; yet nobody writes a phone number so. */
    private static final Pattern SSN = Pattern.compile("[0-9]{3}[- .][0-9]{2}[- .][0-9]{4}");

    private static final int LEAST_DIGITS = 7;
    private static final int LONGEST_STRETCH = 120;
    private static final int OVERLAP = 24;
    private static final int CONTEXT = 2;
    private static final long MOST_TRIES = 40;
    /**
     * No letter holds so many stretches of digits; from here on whatever could be a phone number is taken for one, so that a
     * text made of digits costs no more than this.
     */
    private static final int MOST_STRETCHES = 60;

    /** Beginnings of words, as they look when folded: without accents. */
    private static final String[] LABELS = {
        "phone",
        "tel",
        "call",
        "mobile",
        "cell",
        "fax",
        "whatsapp",
        "handy",
        "anruf",
        "ruf",
        "erreich",
        "mobil",
        "portable",
        "appel",
        "joindre",
        "movil",
        "llam",
        "numero di",
        "dial",
        "sms",
        "my number",
        "number is",
        "reach me",
        "meine nummer",
        "mon numero",
        "mi numero"
    };

    private static final String[] OTHER_LABELS = {
        "order",
        "bestell",
        "commande",
        "pedido",
        "invoice",
        "rechnung",
        "facture",
        "factura",
        "tracking",
        "sendung",
        "paket",
        "parcel",
        "colis",
        "ref",
        "ticket",
        "serial",
        "seriennummer",
        "customer no",
        "kundennummer",
        "#",
        "isbn",
        "transaction",
        "sku",
        "article",
        "artikel",
        "eur",
        "usd",
        "gbp",
        "iban",
        "konto",
        "account"
    };

    private Phones() {}

    static void find(FoldedText text, List<Finding> found) {
        int stretches = 0;
        int i = 0;
        while (i < text.length()) {
            if (!isPhone(text.at(i))) {
                i++;
                continue;
            }
            int start = i;
            int digits = 0;
            while (i < text.length() && isPhone(text.at(i)) && i - start < LONGEST_STRETCH) {
                digits += text.isDigit(i++) ? 1 : 0;
            }
            if (digits >= LEAST_DIGITS) {
                if (stretches++ < MOST_STRETCHES) {
                    stretch(text, start, i, found);
                } else {
                    found.add(new Finding(Kind.PHONE, start, i));
                }
            }
            if (i < text.length() && isPhone(text.at(i))) {
                i = Math.max(start + 1, i - OVERLAP);
            }
        }
    }

    private static boolean isPhone(char c) {
        return (c >= '0' && c <= '9') || " +()-./\u00A0\t".indexOf(c) >= 0;
    }

    private static void stretch(FoldedText text, int from, int to, List<Finding> found) {
        int start = Math.max(0, from - CONTEXT);
        String stretch = text.text().substring(start, Math.min(text.length(), to + CONTEXT));
        for (String region : REGIONS) {
            boolean international = true;
            for (PhoneNumberMatch match : UTIL.findNumbers(stretch, region, Leniency.VALID, MOST_TRIES)) {
                boolean own = match.rawString().startsWith("+");
                international &= own;
                int at = start + match.start();
                if (own || isNational(text, at, match.rawString())) {
                    found.add(new Finding(Kind.PHONE, at, start + match.end()));
                }
            }
            if (international && stretch.indexOf('+') >= 0) {
                return;
            }
        }
    }

    private static boolean isNational(FoldedText text, int start, String number) {
        int label = Numbers.label(text, start, LABELS);
        int other = Numbers.label(text, start, OTHER_LABELS);
        boolean others = other > label && !Numbers.isSpent(text, other, start);
        if (others || isDateOrAmount(text, start, number)) {
            return false;
        }
        if (label >= 0) {
            return true;
        }
        int groups = groups(number);
        char first = number.charAt(0);
        return (first == '0' && number.charAt(1) != '0' && number.charAt(1) != '.')
                || (first == '(' && groups > 1)
                || number.startsWith("00")
                || (groups >= 3 && first != '0' && !SSN.matcher(number).matches());
    }

    private static int groups(String number) {
        int groups = 0;
        boolean inside = false;
        for (int i = 0; i < number.length(); i++) {
            boolean digit = Character.isDigit(number.charAt(i));
            groups += digit && !inside ? 1 : 0;
            inside = digit;
        }
        return groups;
    }

    private static boolean isDateOrAmount(FoldedText text, int start, String number) {
        int end = start + number.length();
        char before = text.around(start - 1);
        boolean amount = "$€£¥,".indexOf(before) >= 0
                || "$€£¥%:".indexOf(text.around(end)) >= 0
                || ("€$£".indexOf(text.around(end + 1)) >= 0 && text.around(end) == ' ')
                || (text.around(end) == ',' && text.isDigit(end + 1));
        return amount
                || isDate(number)
                || (before == '-' && Character.isLetterOrDigit(text.around(start - 2)))
                || Character.isLetterOrDigit(before);
    }

    /** Four digits of a year first or last, with one or two more groups of at most two digits. */
    private static boolean isDate(String number) {
        String[] groups = number.split("[ ./-]+");
        int small = 0;
        int years = 0;
        for (String group : groups) {
            boolean year = group.length() == 4 && (group.startsWith("19") || group.startsWith("20"));
            years += year ? 1 : 0;
            small += !year && group.length() <= 2 ? 1 : 0;
        }
        return years >= 1 && small >= 1 && years + small == groups.length;
    }
}
