package io.opsrelay.ingestion.mailout.provider;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** An SMTP server (RFC 5321) that keeps each mail byte by byte, and fails at each place where one can. */
public final class FakeSmtp implements AutoCloseable {

    /** What goes wrong with a connection. */
    public enum Fault {
        /** 421 before anything. */
        BUSY,
        /** 550 for the recipient. */
        NO_SUCH_USER,
        /** 554 for the content. */
        CONTENT_REFUSED,
        /** 451 for the content. */
        CONTENT_LATER,
        /** The mail is taken, and the connection ends before the answer. */
        ANSWER_LOST,
        /** The connection ends in the middle of the content. */
        BROKEN_OFF
    }

    /** @param raw the content as it came, without dot-stuffing, ISO 8859-1 */
    public record Mail(String from, List<String> to, String raw) {}

    private final ServerSocket server;
    private final Deque<Fault> faults = new ConcurrentLinkedDeque<>();
    private final Set<String> unknown = ConcurrentHashMap.newKeySet();
    private final List<Mail> mails = new CopyOnWriteArrayList<>();
    private final @Nullable SSLContext tls;
    private volatile String credentials = "";

    public FakeSmtp() {
        this(null);
    }

    /** @param tls wanted before anything else (RFC 3207); null for a server that does not know it */
    FakeSmtp(@Nullable SSLContext tls) {
        this.tls = tls;
        try {
            server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** From now on a sign-in is wanted. */
    public void want(String user, String password) {
        credentials = "\0" + user + "\0" + password;
    }

    /** The next connections go wrong, in this order. */
    public void faults(Fault... next) {
        faults.addAll(List.of(next));
    }

    /** Answers 550 for this recipient from now on, whoever sends to it and however often. */
    public void knowsNo(String address) {
        unknown.add(address);
    }

    public void knows(String address) {
        unknown.remove(address);
    }

    public boolean isWell() {
        return faults.isEmpty();
    }

    /** Everything that was taken, whether the sender heard of it or not. */
    public List<Mail> mails() {
        return List.copyOf(mails);
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
            Fault fault = faults.poll();
            if (fault == Fault.BUSY) {
                say(socket, "421 4.3.2 busy, come back later");
                return;
            }
            say(socket, "220 fake ESMTP");
            converse(socket, fault);
        } catch (IOException e) {
            // The other side went away, as it may.
        }
    }

    private void converse(Socket socket, Fault fault) throws IOException {
        BufferedReader in = new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1), 1 << 16);
        boolean signedIn = credentials.isEmpty();
        String from = "";
        List<String> to = new ArrayList<>();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String command = line.toUpperCase(Locale.ROOT);
            boolean open = tls != null && !(socket instanceof SSLSocket);
            if (command.startsWith("EHLO") && open) {
                say(socket, "250-fake\r\n250 STARTTLS");
            } else if (command.equals("STARTTLS") && open) {
                say(socket, "220 go ahead");
                SSLSocket secure = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, true);
                secure.setUseClientMode(false);
                converse(secure, fault);
                return;
            } else if (open) {
                say(socket, "530 5.7.0 STARTTLS first");
            } else if (command.startsWith("EHLO")) {
                say(socket, credentials.isEmpty() ? "250 fake" : "250-fake\r\n250 AUTH PLAIN");
            } else if (command.startsWith("AUTH PLAIN")) {
                String given = line.length() > 11 ? line.substring(11) : prompted(socket, in);
                // Before the first NUL may stand on whose behalf (RFC 4616).
                signedIn = new String(Base64.getDecoder().decode(given), StandardCharsets.UTF_8).endsWith(credentials);
                say(socket, signedIn ? "235 2.7.0 welcome" : "535 5.7.8 wrong password");
            } else if (!signedIn) {
                say(socket, "530 5.7.0 sign in first");
            } else if (command.startsWith("MAIL FROM:")) {
                from = address(line);
                say(socket, "250 2.1.0 fine");
            } else if (command.startsWith("RCPT TO:")) {
                if (fault == Fault.NO_SUCH_USER || unknown.contains(address(line))) {
                    say(socket, "550 5.1.1 no such user here");
                } else {
                    to.add(address(line));
                    say(socket, "250 2.1.5 fine");
                }
            } else if (command.equals("DATA")) {
                say(socket, "354 go on");
                if (!content(socket, in, new Mail(from, List.copyOf(to), ""), fault)) {
                    return;
                }
            } else if (command.equals("QUIT")) {
                say(socket, "221 bye");
                return;
            } else {
                say(socket, "250 fine");
            }
        }
    }

    private static String prompted(Socket socket, BufferedReader in) throws IOException {
        say(socket, "334 ");
        return String.valueOf(in.readLine());
    }

    /** @return whether the connection goes on */
    private boolean content(Socket socket, BufferedReader in, Mail envelope, Fault fault) throws IOException {
        if (fault == Fault.BROKEN_OFF) {
            in.readLine();
            return false;
        }
        StringBuilder raw = new StringBuilder();
        String line = in.readLine();
        for (; line != null && !line.equals("."); line = in.readLine()) {
            raw.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
        }
        if (line == null) {
            return false; // without its end it is no mail
        }
        if (fault == Fault.CONTENT_REFUSED || fault == Fault.CONTENT_LATER) {
            say(socket, fault == Fault.CONTENT_REFUSED ? "554 5.7.1 looks like spam" : "451 4.7.1 greylisted");
            return true;
        }
        mails.add(new Mail(envelope.from(), envelope.to(), raw.toString()));
        if (fault == Fault.ANSWER_LOST) {
            return false;
        }
        say(socket, "250 2.0.0 taken");
        return true;
    }

    private static String address(String line) {
        return line.substring(line.indexOf('<') + 1, line.indexOf('>'));
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
