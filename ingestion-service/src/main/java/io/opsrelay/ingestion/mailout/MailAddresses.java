package io.opsrelay.ingestion.mailout;

import io.opsrelay.security.seal.Hmac;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Addresses and subject tags that name a ticket and are signed for its client, e.g.
 * {@code support+018f5e6c-….k3v9t2m4q8x1@example.org}: who does not have such a mail cannot make one up.
 */
@Component
public class MailAddresses {

    private static final Logger LOG = LoggerFactory.getLogger(MailAddresses.class);

    private static final String UUID_FORM = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    private static final int TAG = 12;
    private static final Pattern ADDRESS =
            Pattern.compile("[^@+]{1,64}\\+(" + UUID_FORM + ")\\.([0-9a-z]{" + TAG + "})@[^@]{1,255}");
    private static final Pattern SUBJECT = Pattern.compile("\\[#([0-9a-v]{26})\\.([0-9a-z]{" + TAG + "})]");
    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuv";
    private static final int DIGIT_BITS = 5;
    private static final int ID_DIGITS = 26;
    private static final int KEY_BYTES = 32;
    /** RFC 5321. */
    private static final int LONGEST_LOCAL_PART = 64;

    private final Senders senders;
    private final List<byte[]> keys;

    MailAddresses(Senders senders, MailProperties properties) {
        this.senders = senders;
        Path file = properties.addressKeys();
        this.keys = file == null || file.toString().isBlank() ? List.of() : read(file);
        if (keys.isEmpty()) {
            LOG.warn("opsrelay.mail.address-keys is not set: answers are told apart by their Message-IDs alone");
        }
    }

    /**
     * Where answers on that ticket come in; without keys, or where it would become too long, the plain address.
     *
     * @throws IllegalStateException if the client sends no mails
     */
    public String replyTo(String clientId, UUID ticketId) {
        return senders.of(clientId)
                .map(outlet -> signed(clientId, ticketId, outlet.replyTo()))
                .orElseThrow(() -> new IllegalStateException("client " + clientId + " sends no mails"));
    }

    /** The address, naming the ticket. */
    String signed(String clientId, UUID ticketId, String address) {
        int at = address.indexOf('@');
        String local = address.substring(0, at) + "+" + ticketId + ".";
        return keys.isEmpty() || local.length() + TAG > LONGEST_LOCAL_PART
                ? address
                : local + tag(keys.getFirst(), clientId, ticketId) + address.substring(at);
    }

    /** The ticket that an address names, if it is signed for that client. Whether there is such a ticket is not looked up. */
    public Optional<UUID> ticketIn(String clientId, String address) {
        Matcher matcher = ADDRESS.matcher(address.strip().toLowerCase(Locale.ROOT));
        return matcher.matches()
                ? verified(clientId, UUID.fromString(matcher.group(1)), matcher.group(2))
                : Optional.empty();
    }

    /** What names the ticket in a subject, e.g. {@code [#00vjr….k3v9t2m4q8x1]}; empty without keys. */
    public String subjectTag(String clientId, UUID ticketId) {
        return keys.isEmpty() ? "" : "[#" + digits(ticketId) + "." + tag(keys.getFirst(), clientId, ticketId) + "]";
    }

    /** The ticket that a subject names, if the tag is signed for that client. */
    public Optional<UUID> ticketInSubject(String clientId, String subject) {
        Matcher matcher = SUBJECT.matcher(subject.toLowerCase(Locale.ROOT));
        while (matcher.find()) {
            Optional<UUID> ticket = verified(clientId, idOf(matcher.group(1)), matcher.group(2));
            if (ticket.isPresent()) {
                return ticket;
            }
        }
        return Optional.empty();
    }

    private Optional<UUID> verified(String clientId, UUID ticketId, String tag) {
        byte[] given = tag.getBytes(StandardCharsets.US_ASCII);
        boolean genuine = false;
        for (byte[] key : keys) {
            genuine |= Hmac.same(tag(key, clientId, ticketId).getBytes(StandardCharsets.US_ASCII), given);
        }
        return genuine ? Optional.of(ticketId) : Optional.empty();
    }

    /** 60 bits: a guess costs a mail. */
    private static String tag(byte[] key, String clientId, UUID ticketId) {
        byte[] code = Hmac.with(key)
                .add("mail address\n")
                .add(clientId + "\n" + ticketId)
                .bytes();
        long bits = ByteBuffer.wrap(code).getLong();
        StringBuilder tag = new StringBuilder(TAG);
        for (int i = 0; i < TAG; i++) {
            tag.append(DIGITS.charAt((int) (bits >>> (Long.SIZE - DIGIT_BITS * (i + 1))) & 0x1f));
        }
        return tag.toString();
    }

    private static String digits(UUID id) {
        StringBuilder digits = new StringBuilder(ID_DIGITS);
        BigInteger rest = new BigInteger(id.toString().replace("-", ""), 16);
        for (int i = 0; i < ID_DIGITS; i++) {
            digits.append(DIGITS.charAt(rest.intValue() & 0x1f));
            rest = rest.shiftRight(DIGIT_BITS);
        }
        return digits.reverse().toString();
    }

    private static UUID idOf(String digits) {
        BigInteger id = new BigInteger(digits, 32);
        return new UUID(id.shiftRight(Long.SIZE).longValue(), id.longValue());
    }

    private static List<byte[]> read(Path file) {
        List<byte[]> keys = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file)) {
                String[] parts = line.strip().split("\\s+");
                if (parts.length == 2) {
                    keys.add(Base64.getDecoder().decode(parts[1]));
                } else if (!line.isBlank()) {
                    throw new IllegalStateException("opsrelay.mail.address-keys: each line must be 'id base64'");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("opsrelay.mail.address-keys: cannot read " + file, e);
        } catch (IllegalArgumentException e) {
            // The content is not told: it may be a key.
            throw new IllegalStateException("opsrelay.mail.address-keys: a key is no base64");
        }
        if (keys.isEmpty() || keys.stream().anyMatch(key -> key.length < KEY_BYTES)) {
            throw new IllegalStateException("opsrelay.mail.address-keys: at least one key, each of 32 bytes or more");
        }
        return List.copyOf(keys);
    }
}
