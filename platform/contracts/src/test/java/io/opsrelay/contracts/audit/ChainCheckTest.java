package io.opsrelay.contracts.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChainCheckTest {

    private final List<SealedEntry> chain = new ArrayList<>();

    ChainCheckTest() {
        for (int i = 1; i <= 9; i++) {
            String text = text("user:mary" + i);
            chain.add(chain.isEmpty() ? SealedEntry.first(text) : SealedEntry.after(chain.getLast(), text));
        }
    }

    @Test
    void anUntouchedChainIsSound() {
        ChainCheck check = check(chain);

        assertThat(check.problem()).isNull();
        assertThat(check.entries()).isEqualTo(9);
        assertThat(check.seq()).isEqualTo(9);
        assertThat(check.hash()).isEqualTo(chain.getLast().hash());
    }

    @Test
    void anEmptyChainIsSound() {
        assertThat(check(List.of()).problem()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 9})
    void aChangedTextIsFoundWhereItStands(int seq) {
        SealedEntry old = chain.get(seq - 1);
        chain.set(seq - 1, new SealedEntry(old.seq(), old.previous(), text("user:eve"), old.hash()));

        assertThat(problem(chain)).startsWith("entry " + seq + " was changed");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 8})
    void aChangedTextThatWasHashedAnewIsFoundAtItsSuccessor(int seq) {
        SealedEntry old = chain.get(seq - 1);
        chain.set(
                seq - 1,
                new SealedEntry(
                        seq,
                        old.previous(),
                        text("user:eve"),
                        SealedEntry.hash(old.previous(), seq, text("user:eve"))));

        assertThat(problem(chain)).startsWith("entry " + (seq + 1) + " does not continue entry " + seq);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 8})
    void aRemovedEntryIsMissed(int seq) {
        chain.remove(seq - 1);

        assertThat(problem(chain)).startsWith("entry " + seq + " is missing");
    }

    @Test
    void aRemovedEntryIsMissedThoughTheOthersWereNumberedAnew() {
        chain.remove(4);
        chain.replaceAll(entry -> entry.seq() < 5
                ? entry
                : new SealedEntry(entry.seq() - 1, entry.previous(), entry.entry(), entry.hash()));

        assertThat(problem(chain)).startsWith("entry 5 does not continue entry 4");
    }

    @Test
    void anInsertedEntryIsFound() {
        SealedEntry forged = SealedEntry.after(chain.get(3), text("user:eve"));
        chain.add(4, forged);

        assertThat(problem(chain)).startsWith("entry 6 is out of its place: entry 5 follows");
    }

    @Test
    void exchangedEntriesAreFound() {
        SealedEntry fifth = chain.get(4);
        chain.set(4, chain.get(5));
        chain.set(5, fifth);

        assertThat(problem(chain)).startsWith("entry 5 is missing");
    }

    @Test
    void anEntryOfAnotherClientIsFound() {
        chain.add(SealedEntry.after(chain.getLast(), text("user:mary").replace("acme", "globex")));

        assertThat(problem(chain)).isEqualTo("entry 10 belongs to another chain");
    }

    @Test
    void anEndThatWasCutOffIsFoundByItsHead() {
        ChainCheck check = new ChainCheck("action", "acme", Map.of());
        chain.subList(0, 7).forEach(check::add);
        check.endsWith(9, chain.getLast().hash());

        assertThat(String.valueOf(check.problem())).startsWith("entry 8 is missing");
    }

    @Test
    void anEndThatWasCutOffTogetherWithItsHeadIsFoundByAWitnessOnly() {
        List<SealedEntry> shorter = chain.subList(0, 7);

        assertThat(check(shorter).problem()).isNull();
        ChainCheck check =
                new ChainCheck("action", "acme", Map.of(9L, chain.getLast().hash()));
        shorter.forEach(check::add);
        check.end();
        assertThat(String.valueOf(check.problem()))
                .isEqualTo("entry 8 is missing: the chain once reached entry 9, its end was cut off");
    }

    @Test
    void aChainThatWasWrittenAnewFromSomewhereIsFoundByAWitnessOnly() {
        Map<Long, String> witness = Map.of(8L, chain.get(7).hash());
        List<SealedEntry> anew = new ArrayList<>(chain.subList(0, 5));
        for (int i = 6; i <= 9; i++) {
            anew.add(SealedEntry.after(anew.getLast(), text("user:eve")));
        }

        assertThat(check(anew).problem()).isNull();
        ChainCheck check = new ChainCheck("action", "acme", witness);
        anew.forEach(check::add);
        assertThat(String.valueOf(check.problem())).startsWith("entry 8 is not the one that was witnessed");
    }

    @Test
    void aPieceMayBeginAnywhereButHasNoGap() {
        ChainCheck sound = new ChainCheck("action", "acme", Map.of());
        chain.subList(3, 7).forEach(sound::addToPiece);
        ChainCheck gap = new ChainCheck("action", "acme", Map.of());
        gap.addToPiece(chain.get(3));
        gap.addToPiece(chain.get(5));

        assertThat(sound.problem()).isNull();
        assertThat(String.valueOf(gap.problem())).isEqualTo("entry 5 is missing");
    }

    @Test
    void aLineOfAnExportReadsAsItWasWrittenAlsoWhenItWasFormattedAnew() {
        SealedEntry entry = SealedEntry.first(CanonicalJson.of(Map.of("b", "Grüße \uD83D\uDE00\n\u0001", "a", 1)));

        assertThat(ExportLine.read(ExportLine.of(entry))).isEqualTo(entry);
        assertThat(ExportLine.read(
                        ExportLine.of(entry).replace("\"a\":1,", "").replace("{\"b\"", "{ \"a\" : 1, \"b\"")))
                .isEqualTo(entry);
        assertThatThrownBy(() -> ExportLine.read("{\"seq\":1}")).hasMessageContaining("a line needs");
        assertThatThrownBy(() -> ExportLine.read("nonsense")).hasMessageContaining("not JSON");
    }

    private static ChainCheck check(List<SealedEntry> entries) {
        ChainCheck check = new ChainCheck("action", "acme", Map.of());
        entries.forEach(check::add);
        check.end();
        return check;
    }

    private static String problem(List<SealedEntry> entries) {
        return String.valueOf(check(entries).problem());
    }

    private static String text(String actor) {
        return CanonicalJson.of(Map.of("client_id", "acme", "service", "action", "actor", actor));
    }
}
