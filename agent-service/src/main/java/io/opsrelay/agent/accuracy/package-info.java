/** Measures by people's corrections how often tickets are classified rightly, and hands the corrections on to be learned. */
@NullMarked
package io.opsrelay.agent.accuracy;

import org.jspecify.annotations.NullMarked;
