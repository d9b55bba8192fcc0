/** Language models: who they are by configuration, asked within limits of time, size and money; nothing here knows a ticket. */
@NullMarked
package io.opsrelay.agent.model;

import org.jspecify.annotations.NullMarked;
