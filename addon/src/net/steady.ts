import type { Clock } from '../core/clock.ts';

/** Kept back for times in which nothing comes: bytes in all, and how many of them go out each time. */
const RESERVE = 256 * 1024;
const PIECE = 1024;
/** Proxmox VE hangs up on who says nothing for five seconds. */
const EVERY_MS = 2_000;

/**
 * Passes on what comes, a little later: while nothing comes, some of what is kept back goes out every two seconds, for eight
 * minutes, so that whoever takes it does not take the sender for gone.
 */
export async function* steady(source: AsyncIterable<Buffer>, clock: Clock): AsyncGenerator<Buffer> {
  const iterator = source[Symbol.asyncIterator]();
  const kept: Buffer[] = [];
  let size = 0;
  /** Takes the oldest off, at most so many bytes. */
  const take = (most: number): Buffer => {
    const [first = Buffer.alloc(0)] = kept;
    const piece = first.subarray(0, most);
    if (piece.length === first.length) kept.shift();
    else kept[0] = first.subarray(piece.length);
    size -= piece.length;
    return piece;
  };
  try {
    for (let next = iterator.next(); ; ) {
      const came = await within(clock, next);
      if (came === undefined) {
        if (size > 0) yield take(PIECE);
        continue;
      }
      if (came.done) break;
      kept.push(came.value);
      size += came.value.length;
      next = iterator.next();
      // What waits for its turn to be told of is no accident.
      next.catch(() => {});
      while (size > RESERVE) yield take(RESERVE);
    }
    while (size > 0) yield take(RESERVE);
  } finally {
    // It may never answer while it waits; it is let go of by its own signal.
    void iterator.return?.().catch(() => {});
  }
}

/** undefined: not yet */
function within<T>(clock: Clock, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(EVERY_MS, () => resolve(undefined));
    work.then(resolve, reject).finally(cancel);
  });
}
