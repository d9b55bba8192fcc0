package io.opsrelay.ingestion.mime.text;

import java.util.List;

/** Puts the lines of format=flowed (RFC 3676) together again to paragraphs, each within its depth of quotation. */
public final class Flowed {

    private Flowed() {}

    /** @param delSp whether the space at a soft line end is to be dropped (delsp=yes) */
    public static String unfold(String text, boolean delSp) {
        List<String> lines = text.lines().toList();
        StringBuilder out = new StringBuilder(text.length());
        int openDepth = -1;
        for (String line : lines) {
            int depth = depthOf(line);
            String said = line.substring(depth);
            if (said.startsWith(" ")) {
                said = said.substring(1);
            }
            boolean signature = said.equals("-- ");
            boolean continues = openDepth == depth && !signature;
            if (!continues) {
                if (openDepth >= 0) {
                    out.append('\n');
                }
                out.append(">".repeat(depth)).append(depth > 0 && !said.isEmpty() ? " " : "");
            }
            boolean soft = said.endsWith(" ") && !signature;
            out.append(soft && delSp ? said.substring(0, said.length() - 1) : said);
            if (soft) {
                openDepth = depth;
            } else {
                out.append('\n');
                openDepth = -1;
            }
        }
        return out.toString();
    }

    private static int depthOf(String line) {
        int depth = 0;
        while (depth < line.length() && line.charAt(depth) == '>') {
            depth++;
        }
        return depth;
    }
}
