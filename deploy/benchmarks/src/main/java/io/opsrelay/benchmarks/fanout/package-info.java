/** Many WebSocket connections to one gateway that is fed through Kafka: what a delivery costs, and how late it comes. */
@org.jspecify.annotations.NullMarked
package io.opsrelay.benchmarks.fanout;
