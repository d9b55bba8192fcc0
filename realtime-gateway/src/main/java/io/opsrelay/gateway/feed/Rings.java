package io.opsrelay.gateway.feed;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The rings of all clients for one identity of the feed, bounded together: the oldest frame of whichever client goes
 * first. One thread writes, any reads.
 */
final class Rings {

    private final FeedIdentity identity;
    private final List<FeedPartition> partitions;
    private final long boundBytes;
    private final Map<String, ClientRing> byClient = new ConcurrentHashMap<>();
    private final Queue<Kept> inOrder = new ArrayDeque<>();
    private volatile long bytes;

    /** @param partitions in order of their number */
    Rings(FeedIdentity identity, List<FeedPartition> partitions, long boundBytes) {
        this.identity = identity;
        this.partitions = List.copyOf(partitions);
        this.boundBytes = boundBytes;
    }

    FeedIdentity identity() {
        return identity;
    }

    FeedPartition partition(int number) {
        return partitions.get(number);
    }

    FeedPartition partitionOf(String client) {
        return partitions.get(numberOfPartition(client));
    }

    int numberOfPartition(String client) {
        return FeedRow.partitionOf(client, partitions.size());
    }

    /** The client's ring; an empty one is made for a client that has had no frame yet. */
    ClientRing of(String client) {
        return byClient.computeIfAbsent(client, id -> {
            FeedPartition partition = partitionOf(id);
            return new ClientRing(id, partition, partition.start() - 1);
        });
    }

    /** @return how many frames were evicted for it */
    int append(FeedRow row, long offset) {
        ClientRing ring = of(row.client());
        if (FeedChannels.STATE.contains(row.channel())) {
            ring.report(row, offset);
            return 0;
        }
        if (offset < ring.partition().start()) {
            return 0; // read for its states alone
        }
        Frame frame = ring.append(row, offset);
        inOrder.add(new Kept(ring, frame));
        long now = bytes + frame.bytes();
        int evicted = 0;
        while (now > boundBytes) {
            Kept oldest = inOrder.remove();
            oldest.ring().evict(oldest.frame());
            now -= oldest.frame().bytes();
            evicted++;
        }
        bytes = now;
        return evicted;
    }

    long bytes() {
        return bytes;
    }

    Collection<ClientRing> all() {
        return byClient.values();
    }

    private record Kept(ClientRing ring, Frame frame) {}
}
