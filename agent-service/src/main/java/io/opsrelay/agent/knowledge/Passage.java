package io.opsrelay.agent.knowledge;

/**
 * A piece of an article that answers can cite.
 *
 * @param language ISO 639-1
 */
public record Passage(String articleId, String title, String language, String text) {}
