package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.embedded.Component;
import io.opsrelay.standalone.process.Ports;
import io.opsrelay.standalone.process.StartFailure;
import java.util.ArrayList;
import java.util.List;

/** Whether every port that is wanted is free, told all at once and with the way out. */
final class PortCheck {

    private PortCheck() {}

    /** @throws StartFailure naming each taken port, who wants it, which variable moves it, and who holds it */
    static void require(Settings settings, List<Component> components) {
        List<String> taken = taken(settings, components);
        if (!taken.isEmpty()) {
            throw new StartFailure(String.join("\n", taken));
        }
    }

    static List<String> taken(Settings settings, List<Component> components) {
        List<String> taken = new ArrayList<>();
        for (Component component : components) {
            boolean gateway = component.name().equals(Service.GATEWAY.processName);
            String address = gateway ? settings.bind() : "127.0.0.1";
            if (!Ports.isFree(address, component.port())) {
                String holder =
                        Ports.holder(component.port()).map(who -> " by " + who).orElse("");
                taken.add("Port " + component.port() + ", which " + component.name() + " needs, is taken" + holder
                        + ". " + wayOut(component.name(), settings));
            }
        }
        return taken;
    }

    private static String wayOut(String name, Settings settings) {
        return switch (name) {
            case "kafka" -> "Set OPSRELAY_KAFKA_PORT to another port, or OPSRELAY_KAFKA to use a broker of your own.";
            case "postgres" ->
                "Set OPSRELAY_POSTGRES_PORT to another port, or OPSRELAY_POSTGRES to use a server of your own.";
            case "redis" -> "Set OPSRELAY_REDIS_PORT to another port, or OPSRELAY_REDIS to use a server of your own.";
            default ->
                "Set OPSRELAY_PORT to the first of five free ports; the services now want " + settings.port() + " to "
                        + (settings.port() + Service.values().length - 1) + ".";
        };
    }
}
