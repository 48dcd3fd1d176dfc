#!/usr/bin/env bash
# Runs the tests of the integration (test/integration) inside a Home Assistant of one release series, with mypy and
# ruff beside them where that is the newest one. Installs what it needs into the Debian folder that build.sh made, once.
#
#   scripts/homeassistant/pytest.sh [SERIES] [ARGUMENTS FOR PYTEST …]
#   scripts/homeassistant/pytest.sh lint
#
# SERIES: 2026.11 (the default), or 2026.8, the oldest that is supported.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
series=${1:-2026.11}
[ $# -gt 0 ] && shift
lint=
if [ "$series" = lint ]; then lint=1 series=2026.11; fi

# The release of pytest-homeassistant-custom-component that is nearest to the series; it pins one release of Home
# Assistant, so it is installed without, and what else it needs by its own list.
case $series in
  2026.11) plugin=0.13.375 ;;
  2026.8) plugin=0.13.357 ;;
  *) echo "pytest: there is no plugin for Home Assistant $series in $0" >&2; exit 1 ;;
esac

root=$("$here/build.sh" | tail -n 1)
key=$(sed -n "/^case/,/^esac/p; /^if .*complete/,/^fi/p" "$0" | sha256sum | cut -c1-12)
name=opt/integration-$series-$key
# Mounts of a namespace of its own: gone when the process is.
inside() {
  unshare --mount --propagation private sh -c '
    root=$1; project=$2; shift 2
    mkdir -p "$root/project"
    mount --bind /proc "$root/proc" && mount --bind /dev "$root/dev" && mount --bind "$project" "$root/project" &&
      mount --make-private "$root/project" && mount -o remount,ro,bind "$root/project" &&
      exec chroot "$root" "$@"' sh "$root" "$project" /usr/bin/env -i HOME=/root LANG=C.UTF-8 \
    PATH="/$name/bin:/usr/bin:/bin" PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_DEFAULT_TIMEOUT=180 PIP_CERT=/etc/ssl/certs/ca-certificates.crt \
    ${PIP_INDEX_URL:+PIP_INDEX_URL="$PIP_INDEX_URL"} ${https_proxy:+https_proxy="$https_proxy"} "$@"
}

if [ ! -e "$root/$name/.complete" ]; then
  find "$root/opt" -maxdepth 1 -name "integration-$series-*" -exec rm -rf --one-file-system {} +
  {
    inside python3.14 -m venv "/$name"
    inside pip install -q --no-cache-dir "homeassistant==$series.*"
    inside pip install -q --no-cache-dir --no-deps "pytest-homeassistant-custom-component==$plugin"
    inside sh -c 'python - > /tmp/requirements.txt <<"PYTHON"
from importlib.metadata import requires
print("\n".join(r for r in requires("pytest-homeassistant-custom-component") if not r.startswith("homeassistant=")))
PYTHON
      pip install -q --no-cache-dir -r /tmp/requirements.txt'
    [ "$series" != 2026.11 ] || inside pip install -q --no-cache-dir mypy ruff
    touch "$root/$name/.complete"
  } >&2
fi

if [ -n "$lint" ]; then
  inside sh -c 'cd /project && ruff check --no-cache custom_components test/integration &&
    ruff format --no-cache --check custom_components test/integration && mypy --cache-dir /tmp/mypy-labkeeper'
else
  inside /usr/bin/env -C /project COVERAGE_FILE=/tmp/labkeeper-coverage python test/integration/run.py "$@"
fi
