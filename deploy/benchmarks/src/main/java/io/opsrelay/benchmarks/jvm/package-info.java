/** Services in processes of their own, from the jars that the build has made. */
@org.jspecify.annotations.NullMarked
package io.opsrelay.benchmarks.jvm;
