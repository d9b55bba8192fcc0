// Lays a .br and a .gz beside each of the build's text files, where that saves something: the gateway sends those to
// browsers that take them, and compresses nothing while it runs.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const TEXT = /\.(js|css|svg|json|txt|map|webmanifest)$/;
const SMALLEST = 1024;

for (const name of readdirSync(process.argv[2], { recursive: true })) {
  const file = join(process.argv[2], String(name));
  if (!TEXT.test(file) || !statSync(file).isFile()) {
    continue;
  }
  const content = readFileSync(file);
  if (content.length < SMALLEST) {
    continue;
  }
  const parameters = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  const made = { ".br": brotliCompressSync(content, { params: parameters }), ".gz": gzipSync(content, { level: 9 }) };
  for (const [ending, bytes] of Object.entries(made)) {
    if (bytes.length < content.length) {
      writeFileSync(file + ending, bytes);
    }
  }
}
