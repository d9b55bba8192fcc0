#!/bin/sh
# Builds the dashboard into dist/, in the folder that it is called in. Does nothing where nothing has changed since.
set -eu

stamp=node_modules/.opsrelay-installed
if [ ! -e "$stamp" ] || [ package-lock.json -nt "$stamp" ]; then
    npm ci --no-audit --no-fund
    touch "$stamp"
fi

built=dist/index.html
if [ -e "$built" ] \
    && [ -z "$(find src index.html package.json package-lock.json vite.config.ts tsconfig.json -newer "$built" -print -quit)" ]; then
    echo "The dashboard is up to date."
    exit 0
fi
npm run build
touch "$built"
# Names of files change with their content: the former ones must not go into the jar.
rm -rf ../target/classes/static
