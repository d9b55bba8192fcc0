package io.opsrelay.ingestion.attachment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNamesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "invoice.pdf > invoice.pdf",
                "../../etc/passwd > passwd",
                "..\\..\\windows\\system32\\cmd.exe > cmd.exe",
                "/var/log/syslog > syslog",
                "C:\\fakepath\\photo.jpg > photo.jpg",
                ".htaccess > htaccess",
                "'..' > file",
                "'.' > file",
                "'' > file",
                "'   ' > file",
                "'a/' > file",
                "' report .txt ' > report .txt",
                "a:b|c?d*e\"f<g.txt > a_b_c_d_e_f_g.txt",
                "con > _con",
                "NUL.txt > _NUL.txt",
                "com1.log > _com1.log",
                "console.log > console.log",
                "Grüße aus Köln.pdf > Grüße aus Köln.pdf",
                "見積書.xlsx > 見積書.xlsx",
                "😀.png > 😀.png"
            })
    void aNameBecomesOneThatIsSafe(String given, String safe) {
        assertThat(FileNames.safe(given)).isEqualTo(safe);
    }

    @Test
    void whatHidesTheRealEndingIsTakenAway() {
        assertThat(FileNames.safe("invoice\u202Efdp.exe")).isEqualTo("invoicefdp.exe");
        assertThat(FileNames.safe("a\u0000.png\r\nX-Evil: 1")).isEqualTo("a.pngX-Evil_ 1");
        assertThat(FileNames.safe("half\ud83d.txt")).isEqualTo("half.txt");
        assertThat(FileNames.safe(null)).isEqualTo("file");
    }

    @Test
    void differentSpellingsOfALetterAreOne() {
        assertThat(FileNames.safe("Ko\u0308ln.txt")).isEqualTo("K\u00f6ln.txt");
    }

    @Test
    void aLongNameIsCutBetweenCharactersAndKeepsItsEnding() {
        String safe = FileNames.safe("ä".repeat(5_000) + ".pdf");

        assertThat(safe).endsWith("ä.pdf").startsWith("ä");
        assertThat(safe.getBytes(StandardCharsets.UTF_8).length).isBetween(198, 200);
        assertThat(FileNames.safe("a." + "b".repeat(5_000))).hasSize(200);
    }
}
