package io.opsrelay.standalone.launcher;

import java.util.concurrent.CountDownLatch;

/** Stands for a service that starts and never serves. */
public final class HangingService {

    private HangingService() {}

    public static void main(String[] args) throws Exception {
        new CountDownLatch(1).await();
    }
}
