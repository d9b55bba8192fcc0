package io.opsrelay.security.outbound;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells addresses that anybody on the internet reaches from those that only we may reach. */
final class PublicAddresses {

    private static final int BITS = 8;
    private static final int IPV4_AT = 12;

    private static final List<Block> IPV4 = Stream.of(
                    new Block("0.0.0.0", 8, "of this network"),
                    new Block("10.0.0.0", 8, "private"),
                    new Block("100.64.0.0", 10, "of carrier-grade NAT"),
                    new Block("127.0.0.0", 8, "loopback"),
                    new Block("169.254.0.0", 16, "link-local"),
                    new Block("172.16.0.0", 12, "private"),
                    new Block("192.0.0.0", 24, "reserved"),
                    new Block("192.0.2.0", 24, "reserved"),
                    new Block("192.88.99.0", 24, "reserved"),
                    new Block("192.168.0.0", 16, "private"),
                    new Block("198.18.0.0", 15, "reserved"),
                    new Block("198.51.100.0", 24, "reserved"),
                    new Block("203.0.113.0", 24, "reserved"),
                    new Block("224.0.0.0", 4, "multicast"),
                    new Block("240.0.0.0", 4, "reserved"))
            .toList();

    private static final Block MAPPED = new Block(ipv6(10, 0xff, 0xff), 96, "IPv4-mapped");
    private static final Block NAT64 = new Block("64:ff9b::", 96, "of NAT64");
    private static final Block GLOBAL = new Block("2000::", 3, "global");

    /** The first that fits names the kind. */
    private static final List<Block> IPV6 = Stream.of(
                    new Block("::1", 128, "loopback"),
                    new Block("::", 128, "of this network"),
                    new Block("::", 96, "IPv4-compatible"),
                    new Block("fe80::", 10, "link-local"),
                    new Block("fec0::", 10, "private"),
                    new Block("fc00::", 7, "private"),
                    new Block("ff00::", 8, "multicast"),
                    new Block("2001::", 23, "reserved"),
                    new Block("2001:db8::", 32, "reserved"),
                    new Block("2002::", 16, "reserved"),
                    new Block("3fff::", 20, "reserved"))
            .toList();

    private PublicAddresses() {}

    /** What kind of address it is if it is not a public one, else null. */
    static @Nullable String objection(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            return first(IPV4, bytes);
        }
        // What is behind these is an IPv4 address, and that is what counts.
        if (MAPPED.holds(bytes) || NAT64.holds(bytes)) {
            return first(IPV4, Arrays.copyOfRange(bytes, IPV4_AT, bytes.length));
        }
        String kind = first(IPV6, bytes);
        return kind == null && !GLOBAL.holds(bytes) ? "reserved" : kind;
    }

    private static @Nullable String first(List<Block> blocks, byte[] address) {
        return blocks.stream()
                .filter(block -> block.holds(address))
                .map(Block::kind)
                .findFirst()
                .orElse(null);
    }

    private static byte[] ipv6(int at, int... values) {
        byte[] bytes = new byte[16];
        for (int i = 0; i < values.length; i++) {
            bytes[at + i] = (byte) values[i];
        }
        return bytes;
    }

    /** The addresses that begin with the same bits. */
    private record Block(byte[] prefix, int bits, String kind) {

        Block(String prefix, int bits, String kind) {
            this(literal(prefix), bits, kind);
        }

        private static byte[] literal(String text) {
            try {
                return InetAddress.getByName(text).getAddress();
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(text, e);
            }
        }

        boolean holds(byte[] address) {
            int whole = bits / BITS;
            int rest = bits % BITS;
            return Arrays.mismatch(prefix, 0, whole, address, 0, whole) < 0
                    && (rest == 0 || ((prefix[whole] ^ address[whole]) & 0xff) >>> (BITS - rest) == 0);
        }
    }
}
