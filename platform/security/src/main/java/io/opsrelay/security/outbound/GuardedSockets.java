package io.opsrelay.security.outbound;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import javax.net.SocketFactory;

/**
 * Sockets for protocols other than HTTP whose servers others chose. They connect to public addresses only, unless others
 * are allowed; what is judged is the address that is then connected to.
 */
public final class GuardedSockets extends SocketFactory {

    private final boolean allowPrivate;

    /** @param allowPrivate whether they may go into our own network */
    public GuardedSockets(boolean allowPrivate) {
        this.allowPrivate = allowPrivate;
    }

    @Override
    public Socket createSocket() {
        return new Guarded(allowPrivate);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
            throws IOException {
        return connected(new InetSocketAddress(address, port));
    }

    private Socket connected(InetSocketAddress server) throws IOException {
        Socket socket = createSocket();
        try {
            socket.connect(server);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Judges an address when it is connected to. */
    private static final class Guarded extends Socket {

        private final boolean allowPrivate;

        Guarded(boolean allowPrivate) {
            this.allowPrivate = allowPrivate;
        }

        @Override
        public void connect(SocketAddress endpoint) throws IOException {
            connect(endpoint, 0);
        }

        @Override
        public void connect(SocketAddress endpoint, int timeout) throws IOException {
            if (!(endpoint instanceof InetSocketAddress server) || server.getAddress() == null) {
                throw new UnknownHostException("the server's name is not known");
            }
            String kind = allowPrivate ? null : PublicAddresses.objection(server.getAddress());
            if (kind != null) {
                throw new IOException("the server has an address that is " + kind + ", and such are not allowed");
            }
            super.connect(endpoint, timeout);
        }
    }
}
