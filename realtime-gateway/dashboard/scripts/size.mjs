// Fails if the page needs more JavaScript to begin with than it may: the entry and what it imports at once, gzipped.
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";

const LIMIT_KB = 200;
const dist = new URL("../dist/", import.meta.url).pathname;
const html = readFileSync(join(dist, "index.html"), "utf8");
const initial = new Set();

function take(file) {
  if (!initial.has(file)) {
    initial.add(file);
    const source = readFileSync(join(dist, file), "utf8");
    for (const [, path] of source.matchAll(/(?:^|[;}\s])(?:import|export)\s*(?:[\w$*{}\s,]+?from)?\s*["'](\.\/[^"']+\.js)["']/g)) {
      take(normalize(join(dirname(file), path)));
    }
  }
}
for (const [, path] of html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)) {
  take(path);
}
const sizes = [...initial].map((file) => [file, gzipSync(readFileSync(join(dist, file)), { level: 9 }).length / 1024]);
const total = sizes.reduce((sum, [, size]) => sum + size, 0);
sizes.forEach(([file, size]) => console.log(`${size.toFixed(1).padStart(7)} KB  ${file}`));
console.log(`${total.toFixed(1).padStart(7)} KB  of JavaScript to begin with, gzipped; ${LIMIT_KB} KB are allowed`);
if (total > LIMIT_KB) {
  console.error("Too much: load what the first page does not need with import() in its page's chunk.");
  process.exit(1);
}
