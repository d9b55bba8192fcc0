/** What keeps approved actions from doing too much: limits that clients set as data, counted with each intent. */
@NullMarked
package io.opsrelay.action.guardrail;

import org.jspecify.annotations.NullMarked;
