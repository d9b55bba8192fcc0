package io.opsrelay.gateway.stream;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Those who have not brought a token yet: so many of one address and so many in all. One more is let in all the same, at
 * the cost of the oldest of its own address or of the address that has most, so that a crowd keeps nobody else out.
 * Thread-safe.
 *
 * @param <T> one of them
 */
public final class Newcomers<T> {

    private final int most;
    private final int mostOfAddress;
    /** The oldest of each address first. */
    private final Map<String, SequencedSet<T>> byAddress = new HashMap<>();

    private final Map<T, String> addresses = new HashMap<>();
    /** Addresses by how many they have. */
    private final TreeMap<Integer, SequencedSet<String>> bySize = new TreeMap<>();

    /**
     * @param most in all
     * @param mostOfAddress of one address
     */
    public Newcomers(int most, int mostOfAddress) {
        this.most = most;
        this.mostOfAddress = mostOfAddress;
    }

    /** @return who has to go for it, and is not among them any more; null if there was room */
    public synchronized @Nullable T add(T newcomer, String address) {
        T displaced = displaced(address);
        if (displaced != null) {
            remove(displaced);
        }
        addresses.put(newcomer, address);
        SequencedSet<T> ofAddress = byAddress.computeIfAbsent(address, same -> new LinkedHashSet<>());
        ofAddress.add(newcomer);
        resized(address, ofAddress.size() - 1, ofAddress.size());
        return displaced;
    }

    private @Nullable T displaced(String address) {
        SequencedSet<T> own = byAddress.get(address);
        if (own != null && own.size() >= mostOfAddress) {
            return own.getFirst();
        }
        if (addresses.size() < most) {
            return null;
        }
        Map.Entry<Integer, SequencedSet<String>> largest = bySize.lastEntry();
        SequencedSet<T> crowd =
                largest == null ? null : byAddress.get(largest.getValue().getFirst());
        return crowd == null ? null : crowd.getFirst();
    }

    /** It has brought a token, or is gone. No harm if it is not among them. */
    public synchronized void remove(T gone) {
        String address = addresses.remove(gone);
        SequencedSet<T> ofAddress = address == null ? null : byAddress.get(address);
        if (address == null || ofAddress == null) {
            return;
        }
        ofAddress.remove(gone);
        if (ofAddress.isEmpty()) {
            byAddress.remove(address);
        }
        resized(address, ofAddress.size() + 1, ofAddress.size());
    }

    private void resized(String address, int before, int now) {
        bySize.computeIfPresent(before, (size, same) -> {
            same.remove(address);
            return same.isEmpty() ? null : same;
        });
        if (now > 0) {
            bySize.computeIfAbsent(now, size -> new LinkedHashSet<>()).add(address);
        }
    }

    /** How many there are. */
    public synchronized int count() {
        return addresses.size();
    }
}
