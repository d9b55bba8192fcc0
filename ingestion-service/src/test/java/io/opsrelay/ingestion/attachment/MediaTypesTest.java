package io.opsrelay.ingestion.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypesTest {

    @ParameterizedTest
    @CsvSource({
        "89504e470d0a1a0a0000, a.png, image/png",
        "ffd8ffe000104a46, a.jpg, image/jpeg",
        "4749463839610100, a.gif, image/gif",
        "524946460000000057454250, a.webp, image/webp",
        "255044462d312e37, a.pdf, application/pdf",
        "504b030414000600, a.zip, application/zip",
        "504b030414000600, a.docx, application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "504b030414000600, a.png, application/zip",
        "d0cf11e0a1b11ae1, a.msg, application/vnd.ms-outlook",
        "789f3e22, winmail.dat, application/ms-tnef",
        "1f8b0800, a.tgz, application/gzip",
        "4d5a9000, photo.png, application/x-dosexec",
        "7f454c4602, photo.png, application/x-elf",
        "cafebabe0000, photo.png, application/java-vm",
        "cffaedfe, photo.png, application/x-mach-binary",
        "0001020304, a.png, application/octet-stream",
        "ff00ff00, a.txt, application/octet-stream"
    })
    void bytesSayWhatAFileIs(String hex, String name, String type) {
        assertThat(MediaTypes.of(HexFormat.of().parseHex(hex), name, "image/png"))
                .isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hello | a.txt | text/plain | text/plain",
                "a,b,c | a.csv | | text/csv",
                "a,b,c | a.bin | text/csv; charset=utf-8 | text/csv",
                "{} | a.json | application/json | application/json",
                "hello | a.png | image/png | text/plain",
                "hello | a.html | text/html | text/plain",
                "<html><body>x</body></html> | a.txt | text/plain | text/html",
                "some words <script>alert(1)</script> | a.txt | text/plain | text/html",
                "<svg onload='x'/> | a.png | image/png | image/svg+xml",
                "<?xml version='1.0'?><a/> | a.txt | | application/xml",
                "'#!/bin/sh' | a.txt | text/plain | text/x-shellscript",
                "Grüße, 世界 | a.txt | | text/plain"
            })
    void aTextIsWhatItLooksLikeBeforeItIsWhatItIsCalled(String text, String name, String declared, String type) {
        assertThat(MediaTypes.of(text.getBytes(StandardCharsets.UTF_8), name, declared))
                .isEqualTo(type);
    }

    @Test
    void aTextMayBeCutWithinACharacter() {
        byte[] text = "世界".repeat(1_000).getBytes(StandardCharsets.UTF_8);

        assertThat(MediaTypes.of(Arrays.copyOf(text, 100), "a.txt", null)).isEqualTo("text/plain");
    }

    @Test
    void nothingIsNothing() {
        assertThat(MediaTypes.of(new byte[0], "a.txt", "text/plain")).isEqualTo("application/octet-stream");
    }
}
