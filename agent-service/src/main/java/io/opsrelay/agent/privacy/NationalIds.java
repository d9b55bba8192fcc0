package io.opsrelay.agent.privacy;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a person's number looks like in the larger countries. Where the form alone would take too much for one (nine bare
 * digits), its name must stand before it.
 */
final class NationalIds {

    /**
     * NINO, DNI and NIE; the French number of people from Corsica; the codice fiscale; the CURP, and Chinese numbers whose
     * check is an X. Longest first.
     */
    static final List<Integer> LETTERED_LENGTHS = List.of(18, 16, 15, 9);

    private static final String DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";
    private static final List<String> SSN_LABELS = List.of("ssn", "social security");
    private static final List<String> BSN_LABELS = List.of("bsn", "burgerservicenummer", "sofinummer", "sofi-nummer");
    private static final List<String> SE_LABELS = List.of("personnummer", "personal number");
    private static final List<String> ITIN_LABELS = List.of("itin", "taxpayer id");
    private static final List<String> SIN_LABELS =
            List.of("social insurance", "sin number", "sin:", "sin is", "assurance sociale");
    private static final List<String> TFN_LABELS = List.of("tfn", "tax file");
    private static final List<String> MY_NUMBER_LABELS =
            List.of("my number", "mynumber", "individual number", "\u30DE\u30A4\u30CA\u30F3\u30D0\u30FC");
    private static final List<String> ZA_LABELS =
            List.of("id number", "id no", "sa id", "identity", "south african id");
    private static final int[] CHINESE_WEIGHTS = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    private static final String CHINESE_CHECKS = "10X98765432";
    private static final int[] TFN_WEIGHTS = {1, 4, 3, 7, 5, 8, 6, 9, 10};
    private static final int[] KOREAN_WEIGHTS = {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5};
    private static final String CURP_ALPHABET = "0123456789ABCDEFGHIJKLMN\u00D1OPQRSTUVWXYZ";
    private static final List<String> AADHAAR_LABELS = List.of("aadhaar", "aadhar", "uidai");

    private static final int[] CODICE_ODD = {
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
    };

    private static final int[][] VERHOEFF_PRODUCT = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
        {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
        {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
        {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
        {4, 0, 1, 2, 3, 9, 5, 6, 7, 8},
        {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
        {6, 5, 9, 8, 7, 1, 0, 4, 3, 2},
        {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
        {8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
        {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}
    };
    private static final int[][] VERHOEFF_PERMUTATION = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
        {1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
        {5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
        {8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
        {9, 4, 5, 3, 1, 2, 6, 8, 7, 0},
        {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
        {2, 7, 9, 3, 8, 0, 6, 4, 1, 5},
        {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}
    };

    private NationalIds() {}

    /**
     * Whether these digits are somebody's number.
     *
     * @param shape the digits as zeros, with what stood between them
     * @param labelled whether a word stands before the number
     */
    static boolean isOne(String digits, String shape, Predicate<String> labelled) {
        return switch (digits.length()) {
            case 9 ->
                isSsn(digits, shape, labelled)
                        || (isItin(digits) && ITIN_LABELS.stream().anyMatch(labelled))
                        || (isLuhn(digits) && SIN_LABELS.stream().anyMatch(labelled))
                        || (weighted(digits, TFN_WEIGHTS) % 11 == 0
                                && TFN_LABELS.stream().anyMatch(labelled))
                        || (isBsn(digits)
                                && (shape.equals("0000.00.000")
                                        || BSN_LABELS.stream().anyMatch(labelled)));
            case 10 ->
                isSwedish(digits)
                        && (shape.equals("000000-0000")
                                || shape.equals("000000+0000")
                                || SE_LABELS.stream().anyMatch(labelled));
            case 11 ->
                (isTaxId(digits) && isGrouped(shape, "00 000 000 000"))
                        || (isPesel(digits) && isGrouped(shape, ""))
                        || (isTurkish(digits) && isGrouped(shape, ""))
                        || (isCpf(digits) && isGrouped(shape, "000.000.000-00"))
                        || (isBelgian(digits) && isGrouped(shape, "00.00.00-000.00"));
            case 12 ->
                (isAadhaar(digits)
                                && ((isGrouped(shape, "0000 0000 0000") && shape.length() > 12)
                                        || AADHAAR_LABELS.stream().anyMatch(labelled)))
                        || (isMyNumber(digits) && MY_NUMBER_LABELS.stream().anyMatch(labelled))
                        || ((shape.equals("00000000-0000") || shape.equals("000000000000"))
                                && (digits.startsWith("19") || digits.startsWith("20"))
                                && isSwedish(digits.substring(2)));
            case 13 ->
                (digits.startsWith("756") && isEan(digits) && isGrouped(shape, "000.0000.0000.00"))
                        || (isKorean(digits) && shape.equals("000000-0000000"))
                        || (isSouthAfrican(digits) && ZA_LABELS.stream().anyMatch(labelled));
            case 18 -> isChinese(digits) && isGrouped(shape, "000000 00000000 0000");
            case 15 -> isNir(digits) && shape.indexOf('\n') < 0;
            default -> false;
        };
    }

    /** Whether these upper-case letters and digits, without what stood between them, are somebody's number. */
    static boolean isLettered(String compact) {
        return switch (compact.length()) {
            case 9 -> isNino(compact) || isDni(compact);
            case 15 ->
                (compact.charAt(5) == '2') && (compact.charAt(6) == 'A' || compact.charAt(6) == 'B') && isNir(compact);
            case 16 -> isCodiceFiscale(compact);
            case 18 -> isCurp(compact) || (areDigits(compact, 0, 17) && isChinese(compact));
            default -> false;
        };
    }

    private static boolean isGrouped(String shape, String usual) {
        return (shape.indexOf('0') == 0 && shape.chars().allMatch(c -> c == '0'))
                || shape.equals(usual)
                || shape.equals(usual.replace('.', ' ').replace('-', ' '))
                || shape.equals(usual.replace(' ', '-'));
    }

    private static boolean isSsn(String digits, String shape, Predicate<String> labelled) {
        boolean written = shape.equals("000-00-0000") || shape.equals("000 00 0000") || shape.equals("000.00.0000");
        return (written || SSN_LABELS.stream().anyMatch(labelled))
                && !digits.startsWith("000")
                && !digits.startsWith("666")
                && digits.charAt(0) != '9'
                && !digits.startsWith("00", 3)
                && !digits.endsWith("0000");
    }

    /** A tax number of people without a social security number: the groups behind the 9 that are given out. */
    private static boolean isItin(String digits) {
        int group = Integer.parseInt(digits, 3, 5, 10);
        return digits.charAt(0) == '9' && group >= 50 && group != 66 && group != 69 && group != 89 && group != 93;
    }

    private static boolean isLuhn(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int value = digit(digits, digits.length() - 1 - i) * (i % 2 == 0 ? 1 : 2);
            sum += value / 10 + value % 10;
        }
        return sum % 10 == 0;
    }

    private static boolean isEan(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            sum += digit(digits, i) * (i % 2 == 0 ? 1 : 3);
        }
        return sum % 10 == 0;
    }

    private static int weighted(String digits, int[] weights) {
        int sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * digit(digits, i);
        }
        return sum;
    }

    /** T.C. kimlik no: two check digits. */
    private static boolean isTurkish(String digits) {
        int odd = 0;
        int even = 0;
        for (int i = 0; i < 9; i++) {
            if (i % 2 == 0) {
                odd += digit(digits, i);
            } else {
                even += digit(digits, i);
            }
        }
        int tenth = Math.floorMod(odd * 7 - even, 10);
        return digits.charAt(0) != '0' && tenth == digit(digits, 9) && (odd + even + tenth) % 10 == digit(digits, 10);
    }

    private static boolean isMyNumber(String digits) {
        int sum = 0;
        for (int i = 1; i <= 11; i++) {
            sum += digit(digits, 11 - i) * (i <= 6 ? i + 1 : i - 5);
        }
        int rest = sum % 11;
        return digit(digits, 11) == (rest <= 1 ? 0 : 11 - rest);
    }

    private static boolean isKorean(String digits) {
        int century = "1256".indexOf(digits.charAt(6)) >= 0 ? 1900 : 2000;
        return "12345678".indexOf(digits.charAt(6)) >= 0
                && (11 - weighted(digits, KOREAN_WEIGHTS) % 11) % 10 == digit(digits, 12)
                && isDate(
                        century + Integer.parseInt(digits, 0, 2, 10),
                        Integer.parseInt(digits, 2, 4, 10),
                        Integer.parseInt(digits, 4, 6, 10));
    }

    private static boolean isSouthAfrican(String digits) {
        return isLuhn(digits)
                && digits.charAt(10) <= '2'
                && isDate(
                        2000 + Integer.parseInt(digits, 0, 2, 10),
                        Integer.parseInt(digits, 2, 4, 10),
                        Integer.parseInt(digits, 4, 6, 10));
    }

    /** ISO 7064, MOD 11-2, with the day of birth in it. */
    private static boolean isChinese(String compact) {
        return CHINESE_CHECKS.charAt(weighted(compact, CHINESE_WEIGHTS) % 11) == compact.charAt(17)
                && compact.charAt(0) != '0'
                && (compact.startsWith("19", 6) || compact.startsWith("20", 6))
                && isDate(
                        Integer.parseInt(compact, 6, 10, 10),
                        Integer.parseInt(compact, 10, 12, 10),
                        Integer.parseInt(compact, 12, 14, 10));
    }

    private static boolean isCurp(String compact) {
        if (!areLetters(compact, 0, 4)
                || !areDigits(compact, 4, 10)
                || "HMX".indexOf(compact.charAt(10)) < 0
                || !areLetters(compact, 11, 16)
                || !Character.isDigit(compact.charAt(17))) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 17; i++) {
            sum += CURP_ALPHABET.indexOf(compact.charAt(i)) * (18 - i);
        }
        return (10 - sum % 10) % 10 == digit(compact, 17);
    }

    private static boolean isNino(String compact) {
        String prefix = compact.substring(0, 2);
        return "DFIQUV".indexOf(prefix.charAt(0)) < 0
                && "DFIQUVO".indexOf(prefix.charAt(1)) < 0
                && areLetters(compact, 0, 2)
                && areDigits(compact, 2, 8)
                && "ABCD".indexOf(compact.charAt(8)) >= 0
                && !List.of("BG", "GB", "NK", "KN", "TN", "NT", "ZZ").contains(prefix);
    }

    /** The Steuer-ID: one digit of the first ten occurs two or three times; ISO 7064, MOD 11,10. */
    private static boolean isTaxId(String digits) {
        int[] times = new int[10];
        int product = 10;
        for (int i = 0; i < 10; i++) {
            int digit = digit(digits, i);
            times[digit]++;
            int sum = (digit + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }
        int repeated = 0;
        for (int count : times) {
            if (count > 3) {
                return false;
            }
            repeated += count > 1 ? 1 : 0;
        }
        return digits.charAt(0) != '0' && repeated == 1 && (11 - product) % 10 == digit(digits, 10);
    }

    private static boolean isNir(String compact) {
        int month = Character.isDigit(compact.charAt(3)) && Character.isDigit(compact.charAt(4))
                ? Integer.parseInt(compact, 3, 5, 10)
                : 0;
        String number = compact.substring(0, 13).replace("2A", "19").replace("2B", "18");
        boolean plausible = "123478".indexOf(compact.charAt(0)) >= 0
                && ((month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50)
                && areDigits(compact, 13, 15)
                && areDigits(number, 0, 13);
        return plausible && 97 - Long.parseLong(number) % 97 == Integer.parseInt(compact, 13, 15, 10);
    }

    /** DNI, and NIE with its X, Y or Z for the first digit. */
    private static boolean isDni(String compact) {
        int first = "XYZ".indexOf(compact.charAt(0));
        String number = (first >= 0 ? Integer.toString(first) : compact.substring(0, 1)) + compact.substring(1, 8);
        return areDigits(number, 0, 8)
                && DNI_LETTERS.charAt(Integer.parseInt(number) % DNI_LETTERS.length()) == compact.charAt(8);
    }

    private static boolean isCodiceFiscale(String compact) {
        if (!areLetters(compact, 0, 6)
                || "ABCDEHLMPRST".indexOf(compact.charAt(8)) < 0
                || !areLetters(compact, 11, 12)) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < 15; i++) {
            char c = compact.charAt(i);
            // Where two people would share a number, digits become letters.
            boolean digitPlace = i >= 6 && i != 8 && i != 11;
            if (digitPlace && !Character.isDigit(c) && "LMNPQRSTUV".indexOf(c) < 0) {
                return false;
            }
            int value = Character.isDigit(c) ? c - '0' : c - 'A';
            sum += i % 2 == 0 ? CODICE_ODD[value] : value;
        }
        return compact.charAt(15) == 'A' + sum % 26;
    }

    private static boolean isBsn(String digits) {
        int sum = -digit(digits, 8);
        for (int i = 0; i < 8; i++) {
            sum += (9 - i) * digit(digits, i);
        }
        return sum % 11 == 0 && sum > 0;
    }

    private static boolean isPesel(String digits) {
        int[] weights = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1};
        int sum = 0;
        for (int i = 0; i < 11; i++) {
            sum += weights[i] * digit(digits, i);
        }
        int month = Integer.parseInt(digits, 2, 4, 10);
        int century = new int[] {1900, 2000, 2100, 2200, 1800}[Math.min(4, month / 20)];
        return sum % 10 == 0
                && isDate(century + Integer.parseInt(digits, 0, 2, 10), month % 20, Integer.parseInt(digits, 4, 6, 10));
    }

    private static boolean isCpf(String digits) {
        if (digits.chars().distinct().count() == 1) {
            return false;
        }
        for (int length = 9; length <= 10; length++) {
            int sum = 0;
            for (int i = 0; i < length; i++) {
                sum += (length + 1 - i) * digit(digits, i);
            }
            if (sum * 10 % 11 % 10 != digit(digits, length)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAadhaar(String digits) {
        if (digits.charAt(0) < '2') {
            return false;
        }
        int check = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digit(digits, digits.length() - 1 - i);
            check = VERHOEFF_PRODUCT[check][VERHOEFF_PERMUTATION[i % 8][digit]];
        }
        return check == 0;
    }

    private static boolean isSwedish(String tenDigits) {
        int day = Integer.parseInt(tenDigits, 4, 6, 10);
        int sum = 0;
        for (int i = 0; i < 10; i++) {
            int value = digit(tenDigits, i) * (i % 2 == 0 ? 2 : 1);
            sum += value / 10 + value % 10;
        }
        // A coordination number adds 60 to the day.
        return sum % 10 == 0
                && isDate(
                        2000 + Integer.parseInt(tenDigits, 0, 2, 10),
                        Integer.parseInt(tenDigits, 2, 4, 10),
                        day > 60 ? day - 60 : day);
    }

    private static boolean isBelgian(String digits) {
        long number = Long.parseLong(digits, 0, 9, 10);
        int check = Integer.parseInt(digits, 9, 11, 10);
        int month = Integer.parseInt(digits, 2, 4, 10);
        int day = Integer.parseInt(digits, 4, 6, 10);
        boolean checked = 97 - number % 97 == check || 97 - (2_000_000_000L + number) % 97 == check;
        return checked && month >= 1 && month <= 12 && day >= 1 && day <= 31;
    }

    private static boolean isDate(int year, int month, int day) {
        try {
            LocalDate.of(year, month, day);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean areDigits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Character.isDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean areLetters(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Character.isLetter(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static int digit(String digits, int i) {
        return digits.charAt(i) - '0';
    }
}
