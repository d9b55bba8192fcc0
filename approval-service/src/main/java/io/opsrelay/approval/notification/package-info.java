/** Takes in what clients may want to hear of outside the dashboard and hands it to each way of telling them. */
@NullMarked
package io.opsrelay.approval.notification;

import org.jspecify.annotations.NullMarked;
