package io.opsrelay.approval.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Stands before an SMTP server and asks for STARTTLS (RFC 3207), which the server itself does not know: behind TLS it
 * hands each line on. It can also be out of order for a while, and refuse addresses that begin with "refused".
 */
final class SmtpDoor implements AutoCloseable {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private final ServerSocket server;
    private final int behind;
    private final SSLContext tls;
    private final AtomicInteger outOfOrder = new AtomicInteger();

    /** @param behind the server's port */
    SmtpDoor(Path keystore, int behind) throws Exception {
        this.behind = behind;
        this.tls = context(keystore);
        this.server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Answers the next sign-ins with 421. */
    void outOfOrder(int times) {
        outOfOrder.set(times);
    }

    int stillOutOfOrder() {
        return outOfOrder.get();
    }

    /** A key store with a key of its own for 127.0.0.1, and beside it the certificate: {@code smtp.p12}, {@code smtp.pem}. */
    static Path keystore(Path folder) throws Exception {
        Path store = folder.resolve("smtp.p12");
        String password = new String(PASSWORD);
        keytool(
                "-genkeypair",
                "-alias",
                "smtp",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=smtp",
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                password);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "smtp",
                "-keystore",
                store.toString(),
                "-storepass",
                password,
                "-file",
                folder.resolve("smtp.pem").toString());
        return store;
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(said);
        }
    }

    private static SSLContext context(Path keystore) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(keystore)) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in = reader(socket);
            say(socket, "220 door ESMTP");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String command = line.toUpperCase(Locale.ROOT);
                if (command.startsWith("EHLO")) {
                    say(socket, "250-door");
                    say(socket, "250 STARTTLS");
                } else if (command.equals("STARTTLS")) {
                    say(socket, "220 go ahead");
                    SSLSocket secure = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, true);
                    secure.setUseClientMode(false);
                    through(secure);
                    return;
                } else {
                    say(socket, "530 STARTTLS first");
                }
            }
        } catch (IOException e) {
            // The other side went away, as it may.
        }
    }

    private void through(Socket secure) throws IOException {
        try (secure;
                Socket inner = new Socket("127.0.0.1", behind)) {
            BufferedReader answers = reader(inner);
            answers.readLine(); // its greeting
            Thread.ofVirtual().start(() -> {
                try {
                    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                        say(secure, line);
                    }
                } catch (IOException e) {
                    // The other side went away, as it may.
                }
            });
            BufferedReader in = reader(secure);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String command = line.toUpperCase(Locale.ROOT);
                if (command.startsWith("AUTH") && outOfOrder.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                    say(secure, "421 out of order");
                    return;
                }
                if (command.startsWith("RCPT TO:<REFUSED")) {
                    say(secure, "550 5.1.1 no such user");
                } else {
                    say(inner, line);
                }
            }
        }
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    private static void say(Socket socket, String line) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
