package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.embedded.Component;
import io.opsrelay.standalone.process.Ports;
import io.opsrelay.standalone.process.StartFailure;
import java.util.ArrayList;
import java.util.List;

/** Whether every port that is wanted is free, told all at once and with the way out. */
final class PortCheck {

    private static final String LAUNCHER = "the launcher";

    private PortCheck() {}

    /** @throws StartFailure naming each taken port, who wants it, which variable moves it, and who holds it */
    static void require(Settings settings, List<Component> infrastructure) {
        List<String> taken = taken(settings, infrastructure);
        if (!taken.isEmpty()) {
            throw new StartFailure(String.join("\n", taken));
        }
    }

    /** Of the ports that are known beforehand; further instances look for free ones. */
    static List<String> taken(Settings settings, List<Component> infrastructure) {
        List<String> taken = new ArrayList<>();
        for (Component component : infrastructure) {
            look(taken, component.name(), "127.0.0.1", component.port(), settings);
        }
        if (!settings.ownMail()) {
            look(taken, "mail (IMAP)", "127.0.0.1", settings.imapPort(), settings);
        }
        for (Service service : Service.values()) {
            String address = service == Service.GATEWAY ? settings.bind() : "127.0.0.1";
            look(taken, service.processName, address, settings.port(service), settings);
        }
        look(taken, LAUNCHER, "127.0.0.1", settings.launcherPort(), settings);
        return taken;
    }

    private static void look(List<String> taken, String name, String address, int port, Settings settings) {
        if (!Ports.isFree(address, port)) {
            String holder = Ports.holder(port).map(who -> " by " + who).orElse("");
            taken.add("Port " + port + ", which " + name + " needs, is taken" + holder + ". " + wayOut(name, settings));
        }
    }

    private static String wayOut(String name, Settings settings) {
        return switch (name) {
            case "kafka" -> "Set OPSRELAY_KAFKA_PORT to another port, or OPSRELAY_KAFKA to use a broker of your own.";
            case "postgres" ->
                "Set OPSRELAY_POSTGRES_PORT to another port, or OPSRELAY_POSTGRES to use a server of your own.";
            case "redis" -> "Set OPSRELAY_REDIS_PORT to another port, or OPSRELAY_REDIS to use a server of your own.";
            case "mail" ->
                "Set OPSRELAY_LOCAL_SMTP_PORT to another port, or OPSRELAY_SMTP_HOST to use a mail server of your own.";
            case "mail (IMAP)" -> "Set OPSRELAY_LOCAL_IMAP_PORT to another port.";
            case LAUNCHER -> "Set OPSRELAY_LAUNCHER_PORT to another port.";
            default ->
                "Set OPSRELAY_PORT to the first of five free ports; the services now want " + settings.port() + " to "
                        + (settings.port() + Service.values().length - 1) + ".";
        };
    }
}
