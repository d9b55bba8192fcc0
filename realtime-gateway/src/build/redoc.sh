#!/bin/sh
# Fetches Redoc's one file, which the gateway serves, into the folder given. Does nothing where it is there already.
set -eu

version=2.5.4
sha512=33a8d6846d6aa019c7e93166cc99ecb72099f3b1e6398fd4cc39bbf261e262284476557f61c4bda203a8d4d94496724c78bb32c4715edb215ce2c3631d3ac005
folder=$1
file=$folder/redoc.standalone.js

[ ! -e "$file" ] || exit 0
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent --prefer-offline "redoc@$version" >/dev/null
echo "$sha512  redoc-$version.tgz" | sha512sum --check --quiet
tar xzf "redoc-$version.tgz" package/bundles/redoc.standalone.js package/bundles/redoc.standalone.js.LICENSE.txt
mv package/bundles/redoc.standalone.js.LICENSE.txt "$folder/"
mv package/bundles/redoc.standalone.js "$file"
