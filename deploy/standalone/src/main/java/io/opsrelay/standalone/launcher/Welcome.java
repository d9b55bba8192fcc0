package io.opsrelay.standalone.launcher;

import java.time.Duration;

/** What a person needs to know once everything runs. */
final class Welcome {

    private static final String DEMO = """
              Sign in    agent@acme.example       works tickets and chats
                         approver@acme.example    decides what waits for a person
                         sre@acme.example         requests deployment actions
                         admin@acme.example       all of the above
                         viewer@acme.example, ingest@acme.example; the same six at globex.example
                         lead@opsrelay.example    admin at both, and chooses which
                         operator@opsrelay.example
              Password   demo
            """;

    private Welcome() {}

    static String text(Settings settings, Duration took) {
        return """

                OpsRelay is ready after %s

                  Dashboard  %s
                %s
                  Data       %s
                  More       ./opsrelay status | logs [service] [-f] | down    (Ctrl-C stops what stays in front)
                """.formatted(
                Console.inSeconds(took),
                settings.dashboard(),
                settings.issuerUri().map(uri -> "  Sign in    by " + uri + "\n").orElse(DEMO),
                settings.home().root());
    }
}
