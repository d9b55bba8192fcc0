package io.opsrelay.approval.request;

import org.jspecify.annotations.Nullable;

/** @param force takes the claim from whoever holds it */
record ClaimRequest(@Nullable Boolean force) {}
