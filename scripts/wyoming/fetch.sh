#!/usr/bin/env bash
# Installs what others have written for the Wyoming protocol, once: its own library, its bench, and wyoming-openai, which
# stands between Home Assistant and speech servers as Labkeeper does. They need a newer Python than Debian stable has, so
# they live beside the Home Assistant of scripts/homeassistant/build.sh, in an environment of their own.
# Prints the folder to chroot into; /opt/wyoming/bin has the programs. All else goes to standard error.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$("$here/../homeassistant/build.sh" | tail -1)
key=$(sha256sum "$0" | cut -c1-12)

if [ -e "$root/opt/wyoming/.complete-$key" ]; then
  echo "$root"
  exit 0
fi

{
  rm -rf --one-file-system "$root/opt/wyoming"
  inside() {
    chroot "$root" /usr/bin/env -i PATH=/opt/wyoming/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
      LANG=C.UTF-8 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_DEFAULT_TIMEOUT=180 \
      PIP_CERT=/etc/ssl/certs/ca-certificates.crt \
      ${PIP_INDEX_URL:+PIP_INDEX_URL="$PIP_INDEX_URL"} ${https_proxy:+https_proxy="$https_proxy"} "$@"
  }
  inside python3.14 -m venv /opt/wyoming
  inside pip install wyoming wyoming-bench wyoming-openai
  rm -rf "$root/root/.cache"
  touch "$root/opt/wyoming/.complete-$key"
} >&2

echo "$root"
