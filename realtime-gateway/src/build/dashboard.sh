#!/bin/sh
# Builds the dashboard into dist/ and its realtime client into realtime-client/dist/, in the folder that it is called in.
# Does nothing where nothing has changed since.
set -eu

stamp=node_modules/.opsrelay-installed
if [ ! -e "$stamp" ] || [ package-lock.json -nt "$stamp" ]; then
    npm ci --no-audit --no-fund
    touch "$stamp"
fi

built=dist/index.html
sources="src public scripts index.html package.json package-lock.json vite.config.ts tsconfig.json
    realtime-client/src realtime-client/package.json realtime-client/tsconfig.json realtime-client/tsconfig.build.json"
# shellcheck disable=SC2086 # the names are words of their own
if [ -e "$built" ] && [ -e realtime-client/dist/index.js ] && [ -z "$(find $sources -newer "$built" -print -quit)" ]; then
    echo "The dashboard is up to date."
    exit 0
fi
npm run build
node ../src/build/compress.mjs dist
touch "$built"
# Names of files change with their content: the former ones must not go into the jar.
rm -rf ../target/classes/static
