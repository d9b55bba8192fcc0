package io.opsrelay.standalone.demo;

import java.util.Locale;

/** The languages that customers write in. */
enum Language {
    EN,
    DE,
    ES,
    FR;

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
