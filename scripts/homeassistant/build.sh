#!/usr/bin/env bash
# Builds a Home Assistant Core of one release series in a Debian folder of its own, once, into a cache.
# Prints the folder's path on standard output; everything else goes to standard error.
#
#   scripts/homeassistant/build.sh [SERIES]      SERIES as in 2026.11 (the default)
#
# Home Assistant needs a newer Python than Debian stable has, so Debian's next release is bootstrapped beside it.
# Needs root and: debootstrap. LABKEEPER_CACHE moves the cache.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
series=${1:-2026.11}
suite=forky
cache=${LABKEEPER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/labkeeper}
# What is installed depends on this folder's files, so a change of them makes a new folder.
key=$(cat "$here/build.sh" "$here/requirements.py" "$here/integrations.txt" | sha256sum | cut -c1-12)
root=$cache/homeassistant-$series-$key

if [ -e "$root/.complete" ]; then
  echo "$root"
  exit 0
fi

fail() { echo "homeassistant: $1" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "building needs root (debootstrap and chroot); or set HOMEASSISTANT to a hass of your own"
command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"

# The mirror that this machine itself uses.
mirror=$({ cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null || true; } |
  sed -nE 's/^URIs: *([^ ]+).*/\1/p; s/^deb +(\[[^]]*\] +)?([^ ]+).*/\2/p' | grep -v security | sed -n 1p)
[ -n "$mirror" ] || fail "no Debian mirror found in /etc/apt"

packages=python3.14,python3.14-venv,python3.14-dev,python3-pip,ca-certificates,ffmpeg
packages+=,build-essential,cmake,pkg-config,libffi-dev,libssl-dev,libjpeg-dev,zlib1g-dev,libturbojpeg0

mkdir -p "$cache"
# Older builds of the same series are of no use any more.
find "$cache" -maxdepth 1 -name "homeassistant-$series-*" -exec rm -rf --one-file-system {} +

{
  debootstrap --variant=minbase --include="$packages" "$suite" "$root" "$mirror" \
    /usr/share/debootstrap/scripts/sid
  # A machine behind a proxy of its own trusts more certificates than Debian's.
  cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  install -d "$root/opt/build" "$root/config"
  cp "$here/requirements.py" "$here/integrations.txt" "$root/opt/build/"

  inside() {
    chroot "$root" /usr/bin/env -i PATH=/opt/homeassistant/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
      LANG=C.UTF-8 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_DEFAULT_TIMEOUT=180 \
      PIP_CERT=/etc/ssl/certs/ca-certificates.crt \
      ${PIP_INDEX_URL:+PIP_INDEX_URL="$PIP_INDEX_URL"} ${https_proxy:+https_proxy="$https_proxy"} "$@"
  }
  inside python3.14 -m venv /opt/homeassistant
  # Core pins its own dependencies in a file inside the package; read it before resolving anything.
  inside pip download --no-deps --only-binary :all: -d /opt/build "homeassistant==$series.*"
  inside sh -c 'cd /opt/build && python3.14 -m zipfile -e homeassistant-*.whl wheel'
  inside sh -c 'pip install -c /opt/build/wheel/homeassistant/package_constraints.txt /opt/build/homeassistant-*.whl'
  inside sh -c 'python /opt/build/requirements.py /opt/build/wheel/homeassistant < /opt/build/integrations.txt \
    > /opt/build/requirements.txt'
  inside pip install -c /opt/build/wheel/homeassistant/package_constraints.txt -r /opt/build/requirements.txt
  inside sh -c 'pip list 2>/dev/null | grep -i "^homeassistant "'
  rm -rf "$root/opt/build" "$root/root/.cache" "$root/var/cache/apt/archives"/*.deb
  touch "$root/.complete"
} >&2

echo "$root"
