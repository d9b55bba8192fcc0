package io.opsrelay.security.web;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** @param maxBody the largest request body, 1 MiB unless set; streaming endpoints bring limits of their own */
@ConfigurationProperties("opsrelay.web")
record WebProperties(@DefaultValue("1MB") DataSize maxBody) {}
