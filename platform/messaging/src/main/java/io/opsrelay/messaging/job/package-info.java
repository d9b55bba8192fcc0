/** Slow work beside the listeners: claimed by lease and epoch, one at a time per key, fairly across clients. */
@NullMarked
package io.opsrelay.messaging.job;

import org.jspecify.annotations.NullMarked;
