package io.opsrelay.approval.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoticeTypesTest {

    @ParameterizedTest
    @CsvSource({
        "*, approval.requested, true",
        "*, something.new, true",
        "approval.*, approval.requested, true",
        "approval.*, approval.later.perhaps, true",
        "approval.*, policy.changed, false",
        "approval.*, approvals.requested, false",
        "approval.decided, approval.decided, true",
        "approval.decided, approval.requested, false",
    })
    void aSubscriptionNamesATypeAFamilyOrAll(String pattern, String type, boolean wanted) {
        assertThat(NoticeTypes.wants(Set.of(pattern), type)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*", "approval.*", "action.*", "policy.*", "webhook.*", "approval.requested", "policy.changed"})
    void whatIsKnownMayBeSubscribedTo(String pattern) {
        assertThat(NoticeTypes.isPattern(pattern)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "approval",
                "approval.**",
                "*.requested",
                "approval.bogus",
                "ticket.*",
                "Approval.*",
                "webhook.test"
            })
    void whatIsNotKnownMayNot(String pattern) {
        assertThat(NoticeTypes.isPattern(pattern)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "approval", "Approval.requested", "approval.", "a.b c", "a.b\r\nX: y", "a.b.c.d.e"})
    void aNoticeHasAWellFormedType(String type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Notice(type, UUID.randomUUID(), null, Map.of(), Set.of()));
    }

    @Test
    void aTypeThatIsNotListedYetIsOneToo() {
        assertThat(new Notice("action.rolled_back", UUID.randomUUID(), null, Map.of(), Set.of()).type())
                .isEqualTo("action.rolled_back");
    }
}
