package io.opsrelay.standalone.embedded;

import io.opsrelay.standalone.process.ChildProcess;
import io.opsrelay.standalone.process.EndSignal;
import io.opsrelay.standalone.process.Ending;
import io.opsrelay.standalone.process.OsUser;
import io.opsrelay.standalone.process.ProcessSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A real SMTP and IMAP server on the loopback address that keeps every mail to itself: nothing that OpsRelay sends in the
 * standalone mode leaves the machine. What it keeps is lost with its end.
 */
public final class MailServer implements Component {

    private static final int CONNECT_MILLIS = 500;
    private static final int ANSWER_MILLIS = 1_000;

    private final Path folder;
    private final Path log;
    private final int smtpPort;
    private final int imapPort;
    private final String password;

    /**
     * @param folder to run in; created if missing
     * @param log file for the output
     * @param password of both mailboxes, {@value MailServerMain#CUSTOMERS} and {@value MailServerMain#SUPPORT}
     */
    public MailServer(Path folder, Path log, int smtpPort, int imapPort, String password) {
        this.folder = folder.toAbsolutePath();
        this.log = log;
        this.smtpPort = smtpPort;
        this.imapPort = imapPort;
        this.password = password;
    }

    @Override
    public String name() {
        return "mail";
    }

    @Override
    public int port() {
        return smtpPort;
    }

    /** Where its mailboxes are read, by IMAP. */
    public int imapPort() {
        return imapPort;
    }

    @Override
    public ChildProcess launch() {
        OsUser.folder(folder, "rwx------");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dopsrelay.process=mail",
                "-Xms16m",
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dlogback.configurationFile=opsrelay-logback.xml",
                MailServerMain.class.getName(),
                Integer.toString(smtpPort),
                Integer.toString(imapPort));
        Map<String, String> environment =
                Map.of("CLASSPATH", System.getProperty("java.class.path"), MailServerMain.PASSWORD, password);
        return ChildProcess.start(
                new ProcessSpec(name(), command, environment, folder, log, EndSignal.TERM, Optional.empty()));
    }

    @Override
    public boolean healthy() {
        return greets(smtpPort, "220 ") && greets(imapPort, "* OK");
    }

    private static boolean greets(int port, String greeting) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            String line = in.readLine();
            return line != null && line.startsWith(greeting);
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Ending ending() {
        return Ending.politely(Duration.ofSeconds(5));
    }
}
