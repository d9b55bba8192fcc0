package io.opsrelay.agent.knowledge;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** @param demoClients clients that get the shipped demo articles at start; none unless set */
@ConfigurationProperties("opsrelay.knowledge")
record KnowledgeProperties(@DefaultValue List<String> demoClients) {}
