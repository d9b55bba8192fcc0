package io.opsrelay.agent.privacy;

import java.util.List;
import java.util.Locale;
import org.apache.commons.validator.routines.IBANValidator;
import org.apache.commons.validator.routines.checkdigit.IBANCheckDigit;
import org.apache.commons.validator.routines.checkdigit.LuhnCheckDigit;
import org.jspecify.annotations.Nullable;

/** Finds card numbers, account numbers and national ids: what has a form of its own and mostly a check digit. */
final class Numbers {

    private static final int SHORTEST_CARD = 13;
    private static final int LONGEST_CARD = 19;
    private static final int LONGEST_LETTERED = 34;
    /** So far before a number its label may stand. */
    private static final int LABEL_DISTANCE = 40;

    private static final String[] ORDER_LABELS = {
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
        "parcel"
    };
    private static final String[] ID_LABELS = {
        "id",
        "steuer",
        "tax",
        "pesel",
        "cpf",
        "national",
        "personal",
        "social",
        "insee",
        "rijks",
        "aadhaar",
        "ssn",
        "bsn",
        "kimlik",
        "ahv",
        "resident"
    };

    private Numbers() {}

    static void find(FoldedText text, List<Finding> found) {
        for (int i = 0; i < text.length(); i++) {
            if (text.isDigit(i) && !text.isDigit(i - 1)) {
                digits(text, i, found);
            }
            if (text.isWord(i) && !text.isWord(i - 1)) {
                lettered(text, i, found);
            }
        }
    }

    /** Tries what begins with this group of digits: each length that ends with a group, so a bounded number of them. */
    private static void digits(FoldedText text, int start, List<Finding> found) {
        StringBuilder digits = new StringBuilder(LONGEST_CARD);
        StringBuilder shape = new StringBuilder(2 * LONGEST_CARD);
        @Nullable Finding best = null;
        int i = start;
        while (digits.length() < LONGEST_CARD && text.isDigit(i)) {
            while (text.isDigit(i) && digits.length() <= LONGEST_CARD) {
                digits.append(text.at(i));
                shape.append('0');
                i++;
            }
            if (text.isDigit(i)) {
                break;
            }
            Kind kind = kind(text, start, i, digits.toString(), shape.toString());
            if (kind != null) {
                best = new Finding(kind, start, i);
            }
            int next = i;
            while (next < text.length() && next - i < 2 && isSeparator(text.at(next))) {
                shape.append(text.at(next));
                next++;
            }
            i = next;
        }
        if (best != null) {
            found.add(best);
        }
    }

    private static boolean isSeparator(char c) {
        return c == ' '
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '/'
                || c == '+'
                || c == '\t'
                || c == '\n'
                || c == '\r'
                || c == '\u00B7';
    }

    private static @Nullable Kind kind(FoldedText text, int start, int end, String digits, String shape) {
        if (digits.length() >= SHORTEST_CARD
                && digits.length() <= LONGEST_CARD
                && isCardPrefix(digits)
                && LuhnCheckDigit.LUHN_CHECK_DIGIT.isValid(digits)) {
            return Kind.CARD;
        }
        boolean standsAlone = !text.isWord(start - 1) && !text.isWord(end);
        // A decimal mark or a dash that goes on means a part of something longer.
        boolean goesOn = (text.around(start - 1) == '.' && text.isDigit(start - 2))
                || (text.around(start - 1) == ',' && text.isDigit(start - 2))
                || (text.around(end) == ',' && text.isDigit(end + 1));
        if (!standsAlone || goesOn) {
            return null;
        }
        // One row of digits in ten passes for a number with one check digit: behind "order" it is an order's.
        boolean ordered =
                shape.length() == digits.length() && label(text, start, ORDER_LABELS) > label(text, start, ID_LABELS);
        return !ordered && NationalIds.isOne(digits, shape, word -> isLabelled(text, start, word))
                ? Kind.NATIONAL_ID
                : null;
    }

    /** Whether a word that begins so stands shortly before, in the same line. */
    static boolean isLabelled(FoldedText text, int start, String... words) {
        return label(text, start, words) >= 0;
    }

    /** Where the last word that begins so stands shortly before, in the same line, or -1. */
    static int label(FoldedText text, int start, String... words) {
        int from = Math.max(0, start - LABEL_DISTANCE);
        for (int i = from; i < start; i++) {
            from = text.at(i) == '\n' ? i + 1 : from;
        }
        String before = text.text().substring(from, start).toLowerCase(Locale.ROOT);
        int last = -1;
        for (String word : words) {
            int at = before.lastIndexOf(word);
            if (at > last && (at == 0 || !Character.isLetter(before.charAt(at - 1)))) {
                last = at;
            }
        }
        return last < 0 ? -1 : from + last;
    }

    /** Whether that label has a number of its own already, before the one that starts there. */
    static boolean isSpent(FoldedText text, int label, int start) {
        for (int i = label; i < start; i++) {
            if (text.isDigit(i)) {
                return true;
            }
        }
        return false;
    }

    /** Visa, Mastercard, American Express, Discover, JCB, Diners Club, UnionPay, Maestro, Mir, RuPay. */
    static boolean isCardPrefix(String digits) {
        int length = digits.length();
        int two = Integer.parseInt(digits, 0, 2, 10);
        int three = Integer.parseInt(digits, 0, 3, 10);
        int four = Integer.parseInt(digits, 0, 4, 10);
        return (digits.charAt(0) == '4' && (length == 13 || length == 16 || length == 19))
                || (length == 16 && ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)))
                || (length == 15 && (two == 34 || two == 37))
                || (length >= 16 && (four == 6011 || two == 65 || (three >= 644 && three <= 649)))
                || (length >= 16 && four >= 3528 && four <= 3589)
                || (length >= 14 && (two == 36 || two == 38 || two == 39 || (three >= 300 && three <= 305)))
                || (length >= 16 && (two == 62 || two == 81))
                || four == 5018
                || four == 5020
                || four == 5038
                || four == 5893
                || four == 6304
                || four == 6759
                || (four >= 6761 && four <= 6763)
                || (length >= 16 && four >= 2200 && four <= 2204)
                || (length == 16 && (two == 60 || two == 82 || three == 508));
    }

    /** Tries what begins with this word and holds letters as well as digits. */
    private static void lettered(FoldedText text, int start, List<Finding> found) {
        StringBuilder compact = new StringBuilder(LONGEST_LETTERED);
        int[] ends = new int[LONGEST_LETTERED + 1];
        int i = start;
        while (compact.length() < LONGEST_LETTERED && isPlain(text.around(i))) {
            compact.append(Character.toUpperCase(text.at(i)));
            i++;
            ends[compact.length()] = i;
            if (!text.isWord(i) && isBlankBetween(text.around(i)) && isPlain(text.around(i + 1))) {
                i++;
            }
        }
        String characters = compact.toString();
        int iban = ibanLength(characters);
        if (iban > 0 && iban <= characters.length() && !text.isWord(ends[iban])) {
            String candidate = characters.substring(0, iban);
            if (IBANCheckDigit.IBAN_CHECK_DIGIT.isValid(candidate)
                    && IBANValidator.getInstance().isValid(candidate)) {
                found.add(new Finding(Kind.IBAN, start, ends[iban]));
                return;
            }
        }
        for (int length : NationalIds.LETTERED_LENGTHS) {
            if (length <= characters.length()
                    && !text.isWord(ends[length])
                    && NationalIds.isLettered(characters.substring(0, length))
                    && isWritten(text, ends[length])) {
                found.add(new Finding(Kind.NATIONAL_ID, start, ends[length]));
                return;
            }
        }
    }

    /** A lower-case letter apart, as in "12345678 a book", is a word of its own. */
    private static boolean isWritten(FoldedText text, int end) {
        return text.around(end - 2) != ' ' || Character.isUpperCase(text.at(end - 1)) || text.isDigit(end - 1);
    }

    private static boolean isPlain(char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    private static boolean isBlankBetween(char c) {
        return c == ' ' || c == '-' || c == '.' || c == '\t';
    }

    private static int ibanLength(String characters) {
        if (characters.length() < 15
                || !Character.isLetter(characters.charAt(0))
                || !Character.isLetter(characters.charAt(1))
                || !Character.isDigit(characters.charAt(2))
                || !Character.isDigit(characters.charAt(3))) {
            return 0;
        }
        IBANValidator.Validator validator = IBANValidator.getInstance().getValidator(characters.substring(0, 2));
        return validator == null ? 0 : validator.getIbanLength();
    }
}
