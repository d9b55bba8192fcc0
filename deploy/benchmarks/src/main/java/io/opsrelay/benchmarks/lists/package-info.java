/** A desk with very many tickets, read as people read it: lists, searches, single tickets. */
@NullMarked
package io.opsrelay.benchmarks.lists;

import org.jspecify.annotations.NullMarked;
