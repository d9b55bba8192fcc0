/** Systems of earlier versions, recorded as text and brought back to life, so that upgrades are tried. */
@org.jspecify.annotations.NullMarked
package io.opsrelay.e2e.upgrade;
