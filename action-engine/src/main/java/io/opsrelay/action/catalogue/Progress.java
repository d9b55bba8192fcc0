package io.opsrelay.action.catalogue;

/** Takes what people should see of a call while it lasts. */
@FunctionalInterface
public interface Progress {

    /** @param text one sentence without anything that quotes a customer */
    void step(String text);
}
