/** Where a helper has what it copies, by number, and the copies. */
export const DATA = '/labkeeper/data';
export const COPY = '/labkeeper/copy';
/** How `KEEP` ends where there is no room; it then writes the KiB that it takes and those that are free. */
export const NO_ROOM = 28;

/** Copies all that is in `DATA`, where a tenth and 64 MiB would stay free. */
export const KEEP = `set -e
set -- $(du -sk ${DATA}); need=$1
set -- $(df -Pk ${COPY} | tail -n 1); free=$4
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
    cat "$one" >"$to"
  fi
done
sync`;
