package io.opsrelay.agent.model;

import dev.langchain4j.data.message.AiMessage;
import java.time.Duration;

/**
 * What a model answered.
 *
 * @param message text, tool calls, or both
 * @param usage what it cost
 * @param cutOff whether it ended for its length, so that what it says is not all
 * @param took from asking to the last byte, further tries included
 */
public record Answer(AiMessage message, Usage usage, boolean cutOff, Duration took) {}
