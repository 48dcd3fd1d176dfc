#!/usr/bin/env bash
# Draws the icons and the logo of the app and of the integration anew from docs/brand, after those were changed. Needs chromium.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# draw NAME WIDTH HEIGHT FOLDER
draw() {
  cat >"$work/page.html" <<PAGE
<!doctype html><body><script>
const image = new Image();
image.onload = () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: $2, height: $3 });
  canvas.getContext('2d').drawImage(image, 0, 0, $2, $3);
  document.body.textContent = '<<' + canvas.toDataURL('image/png').split(',')[1] + '>>';
};
image.src = 'data:image/svg+xml;base64,$(base64 -w0 "docs/brand/$1.svg")';
</script></body>
PAGE
  chromium --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile" --virtual-time-budget=10000 \
    --dump-dom "file://$work/page.html" 2>"$work/log" |
    sed -n 's/.*&lt;&lt;\([A-Za-z0-9+/=]*\)&gt;&gt;.*/\1/p' | base64 -d >"$work/$1.png"
  [ -s "$work/$1.png" ] || { cat "$work/log" >&2; exit 1; }
  mv "$work/$1.png" "$4/$1.png"
}

draw icon 128 128 addon
draw logo 250 100 addon
draw icon 256 256 custom_components/labkeeper/brand
