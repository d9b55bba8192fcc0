package io.opsrelay.security.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAddressesTest {

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, of this network",
        "0.255.255.255, of this network",
        "10.0.0.0, private",
        "10.255.255.255, private",
        "100.64.0.0, of carrier-grade NAT",
        "100.127.255.255, of carrier-grade NAT",
        "127.0.0.1, loopback",
        "127.255.255.254, loopback",
        "169.254.0.1, link-local",
        "169.254.169.254, link-local",
        "172.16.0.1, private",
        "172.31.255.255, private",
        "192.0.0.8, reserved",
        "192.0.2.1, reserved",
        "192.168.0.1, private",
        "192.168.255.255, private",
        "198.18.0.1, reserved",
        "198.19.255.255, reserved",
        "198.51.100.7, reserved",
        "203.0.113.7, reserved",
        "224.0.0.1, multicast",
        "239.255.255.255, multicast",
        "240.0.0.1, reserved",
        "255.255.255.255, reserved",
        "::, of this network",
        "::1, loopback",
        "::10.0.0.1, IPv4-compatible",
        "::8.8.8.8, IPv4-compatible",
        "fe80::1, link-local",
        "febf::1, link-local",
        "fec0::1, private",
        "fc00::1, private",
        "fdff:ffff::1, private",
        "ff02::1, multicast",
        "64:ff9b::10.0.0.1, private",
        "64:ff9b::7f00:1, loopback",
        "64:ff9b::169.254.169.254, link-local",
        "64:ff9b:1::1, reserved",
        "100::1, reserved",
        "2001::1, reserved",
        "2001:db8::1, reserved",
        "2002:7f00:1::, reserved",
        "3fff::1, reserved",
        "4000::1, reserved"
    })
    void whatIsNotPublicIsNamed(String address, String kind) throws UnknownHostException {
        assertThat(PublicAddresses.objection(InetAddress.getByName(address))).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00:1450::1",
                "64:ff9b::8.8.8.8"
            })
    void whatIsPublicIsNotObjectedTo(String address) throws UnknownHostException {
        assertThat(PublicAddresses.objection(InetAddress.getByName(address))).isNull();
    }

    @Test
    void anIpv4AddressInIpv6sClothesIsJudgedByWhatItIs() throws UnknownHostException {
        assertThat(PublicAddresses.objection(mapped(127, 0, 0, 1))).isEqualTo("loopback");
        assertThat(PublicAddresses.objection(mapped(10, 1, 2, 3))).isEqualTo("private");
        assertThat(PublicAddresses.objection(mapped(8, 8, 8, 8))).isNull();
    }

    /** As no name is looked up to it: Java itself makes IPv4 addresses of these. */
    private static InetAddress mapped(int... parts) throws UnknownHostException {
        byte[] bytes = new byte[16];
        bytes[10] = (byte) 0xff;
        bytes[11] = (byte) 0xff;
        for (int i = 0; i < parts.length; i++) {
            bytes[12 + i] = (byte) parts[i];
        }
        return Inet6Address.getByAddress(null, bytes, -1);
    }
}
