#!/usr/bin/env bash
# Fetches Docker Compose 2 once into a cache: Debian 12 has none, its next release has.
# Prints a folder to use as DOCKER_CONFIG, whose `docker` then knows `compose`; all else goes to standard error.
#
# Needs root and a Debian's apt, which verifies what it fetches. LABKEEPER_CACHE moves the cache.
set -euo pipefail

suite=forky
cache=${LABKEEPER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/labkeeper}
key=$(sha256sum "$0" | cut -c1-12)
folder=$cache/compose-$suite-$key

if [ -e "$folder/.complete" ]; then
  echo "$folder"
  exit 0
fi

fail() { echo "compose: $1" >&2; exit 1; }
command -v apt-get >/dev/null || fail "there is no apt-get here"

# The mirror that this machine itself uses.
mirror=$({ cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null || true; } |
  sed -nE 's/^URIs: *([^ ]+).*/\1/p; s/^deb +(\[[^]]*\] +)?([^ ]+).*/\2/p' | grep -v security | sed -n 1p)
[ -n "$mirror" ] || fail "no Debian mirror found in /etc/apt"

mkdir -p "$cache"
find "$cache" -maxdepth 1 -name "compose-$suite-*" -exec rm -rf --one-file-system {} +
work=$(mktemp -d "$cache/compose-work-XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT

{
  mkdir -p "$work/lists/partial" "$work/archives/partial" "$folder/cli-plugins"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$work/sources.list"
  private=(-o Dir::State::lists="$work/lists" -o Dir::Cache="$work" -o Dir::Etc::sourcelist="$work/sources.list")
  private+=(-o Dir::Etc::sourceparts=- -o Acquire::Languages=none -o APT::Sandbox::User=root)
  apt-get -qq "${private[@]}" update
  (cd "$work" && apt-get -qq "${private[@]}" download docker-compose)
  dpkg-deb -x "$work"/docker-compose_*.deb "$work/files"
  cp "$work/files/usr/libexec/docker/cli-plugins/docker-compose" "$folder/cli-plugins/"
  "$folder/cli-plugins/docker-compose" version
  touch "$folder/.complete"
} >&2

echo "$folder"
