#!/usr/bin/env bash
# Makes what the image's Dockerfile takes from a registry elsewhere, once, into a cache: a Debian with Node.js 24 and the
# programs that the image needs, as a file for “docker import”. Prints its path; all else goes to standard error.
#
#   scripts/image/base.sh
#
# Needs root, debootstrap, and the project's npm packages, whose Node.js it takes. LABKEEPER_CACHE moves the cache.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
node=$here/../../node_modules/node/bin/node
packages=$here/../../addon/container/packages.txt
suite=trixie
cache=${LABKEEPER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/labkeeper}

fail() { echo "image: $1" >&2; exit 1; }
[ -x "$node" ] || fail "the project's packages are missing: npm ci"
key=$({ cat "$0" "$packages" && "$node" --version; } | sha256sum | cut -c1-12)
archive=$cache/image-$suite-$key.tar

if [ -e "$archive" ]; then
  echo "$archive"
  exit 0
fi

[ "$(id -u)" = 0 ] || fail 'building needs root (debootstrap)'
command -v debootstrap >/dev/null || fail 'debootstrap is missing: apt-get install debootstrap'

# The mirror that this machine itself uses.
mirror=$({ cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null || true; } |
  sed -nE 's/^URIs: *([^ ]+).*/\1/p; s/^deb +(\[[^]]*\] +)?([^ ]+).*/\2/p' | grep -v security | sed -n 1p)
[ -n "$mirror" ] || fail 'no Debian mirror found in /etc/apt'

mkdir -p "$cache"
find "$cache" -maxdepth 1 -name "image-$suite-*" -delete
root=$(mktemp -d "$cache/image-work-XXXXXX")
trap 'rm -rf --one-file-system "$root" "$archive.part"' EXIT

{
  debootstrap --variant=minbase --include="$(paste -sd, "$packages")" "$suite" "$root" "$mirror" \
    /usr/share/debootstrap/scripts/sid
  install -D "$node" "$root/usr/local/bin/node"
  rm -rf "$root"/var/cache/apt/*.bin "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* \
    "$root"/usr/share/doc/* "$root"/usr/share/man/* "$root"/usr/share/locale/*
  tar -C "$root" --one-file-system -cf "$archive.part" .
  mv "$archive.part" "$archive"
} >&2

echo "$archive"
