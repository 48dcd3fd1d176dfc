/** Where a helper has what it copies, by number, and the copies. */
export const DATA = '/labkeeper/data';
export const COPY = '/labkeeper/copy';
/** How `KEEP` ends where there is no room; it then writes the KiB that it takes and those that are free. */
export const NO_ROOM = 28;

/**
 * Copies all that is in `DATA`, where a tenth and 64 MiB would stay free. That also `PUT_BACK` will work is made sure
 * of first: then nobody finds out in the middle of it. Of what `df` says, the head is seven words.
 */
export const KEEP = `set -e
for tool in cp df du find rm sync; do
  command -v "$tool" >/dev/null || { echo "the image has no $tool" >&2; exit 127; }
done
need=$(du -sk ${DATA})
need=\${need%%[!0-9]*}
free=$(df -Pk ${COPY})
set -- $free
free=\${11}
case "$need:$free" in
  :* | *: | *[!0-9:]*) echo "cannot tell how much room there is" >&2; exit 1 ;;
esac
if [ $((need + need / 10 + 65536)) -gt "$free" ]; then echo "$need $free" >&2; exit ${NO_ROOM}; fi
cd ${DATA}
for one in *; do cp -a "$one" ${COPY}/; done
sync`;

/** Puts it back. A file that is mounted stays the same file, with what was in it. */
export const PUT_BACK = `set -e
cd ${COPY}
for one in *; do
  to=${DATA}/$one
  if [ -d "$one" ]; then
    find "$to" -mindepth 1 -maxdepth 1 -exec rm -rf {} +
    cp -a "$one/." "$to"
  else
    cp "$one" "$to"
  fi
done
sync`;
