#!/usr/bin/env bash
# Makes what the image's Dockerfile takes from a registry elsewhere, once, into a cache: a Debian with the programs that the
# image needs, as a file for “docker import”. Prints its path; all else goes to standard error.
#
#   scripts/image/base.sh
#
# Needs root and debootstrap. LABKEEPER_CACHE moves the cache.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
packages=$here/../../addon/container/packages.txt
suite=trixie
cache=${LABKEEPER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/labkeeper}

fail() { echo "image: $1" >&2; exit 1; }
key=$(cat "$0" "$packages" | sha256sum | cut -c1-12)
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
  rm -rf "$root"/var/cache/apt/*.bin "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* \
    "$root"/usr/share/doc/* "$root"/usr/share/man/* "$root"/usr/share/locale/*
  tar -C "$root" --one-file-system -cf "$archive.part" .
  mv "$archive.part" "$archive"
} >&2

echo "$archive"
