import { createHash } from 'node:crypto';
import type { StepContext, StepOf } from '../../../contract/step.ts';
import { pause } from '../../../core/clock.ts';
import { LabError } from '../../../core/errors.ts';
import { publishedFile } from '../../../net/published-file.ts';
import { steady } from '../../../net/steady.ts';
import { unpacked } from '../../../net/xz-run.ts';
import type { TaskRow } from '../cluster/wire.ts';
import { nodePath } from '../ids.ts';
import { taskEnded } from '../tasks.ts';
import type { Bench } from './bench.ts';
import { callText } from './call.ts';
import { type Fetch, isThere } from './image.ts';
import type { Packed } from './packed.ts';

/** For all of it, however slow the line is. */
const FETCH_MS = 7_200_000;
const LOOK_MS = 3_000;
const ARRIVES_MS = 20_000;
const QCOW2 = Buffer.from([0x51, 0x46, 0x49, 0xfb]);

/**
 * Downloads a packed image, unpacks it and puts it on a storage, all at once: nothing is kept here, and only little in memory.
 * It stays there for whoever needs it next.
 */
export function unpackStep(
  { desk, copies }: Bench,
  fetch: Fetch,
  packed: Packed,
): StepOf<StepContext<never>> {
  const { name, call, type, node, volid } = fetch;
  const { client, context, picture } = desk;
  const { clock } = context;
  const ended = (upid: string, signal: AbortSignal): Promise<void> =>
    taskEnded(client, upid, clock, FETCH_MS, signal);
  // Two that want one file at the same time: the second finds it there.
  const alone = <T>(work: () => Promise<T>): Promise<T> => copies.run(`${node} ${volid}`, work);
  const whole = { ...fetch, bytes: packed.bytes };
  let askedAt: number | undefined;

  return {
    name,
    calls: [`GET ${packed.url}`, callText(call)],
    run: ({ signal, cancelled, note }) =>
      alone(async () => {
        signal.throwIfAborted();
        if (await isThere(desk, whole, signal)) return;
        const upid = await sent({ signal, cancelled, note });
        note({ vendorRef: upid });
        await ended(upid, signal);
        note({ log: `${volid} stays on ${node} for the next one` });
      }),
    happened: ({ vendorRef, signal }) =>
      alone(async () => {
        if (vendorRef !== undefined) await ended(vendorRef, signal);
        // While it is copied to its place, a part of it lies there.
        while (await isCopying(signal)) await pause(clock, LOOK_MS, signal);
        if (await isThere(desk, whole, signal)) return true;
        askedAt ??= clock.elapsed();
        return clock.elapsed() - askedAt < ARRIVES_MS ? undefined : false;
      }),
  };

  async function sent({
    signal,
    cancelled,
    note,
  }: Pick<StepContext<never>, 'signal' | 'cancelled' | 'note'>): Promise<string> {
    // Whatever ends one end lets go of the other.
    const over = new AbortController();
    const onCancel = (): void => over.abort(new LabError('cancelled', 'it was cancelled'));
    if (cancelled.aborted) onCancel();
    cancelled.addEventListener('abort', onCancel);
    const both = AbortSignal.any([signal, over.signal]);
    const chunks = content(both, (progress) => note({ progress }));
    try {
      // Nothing is begun there before something came.
      const first = await chunks.next();
      const { content: kind = '', filename = '' } = call.form;
      const file = { content: kind, name: filename, bytes: packed.bytes, chunks: after(first, chunks) };
      return await client.uploadStreamed(call.path, file, FETCH_MS, both);
    } finally {
      cancelled.removeEventListener('abort', onCancel);
      over.abort(new LabError('cancelled', 'nobody takes it any more'));
    }
  }

  /** What is in it; what is not as it was published ends with an error in place of its last byte. */
  async function* content(signal: AbortSignal, tell: (progress: number) => void): AsyncGenerator<Buffer> {
    const hash = createHash(packed.checksum.length === 64 ? 'sha256' : 'sha512');
    const asked = { name: context.owner, signal };
    const wrong = (why: string): LabError =>
      new LabError('source_failed', `${context.owner}: ${packed.url}: ${why}; nothing of it was kept`, {
        hint: 'compare image_checksum with what its publisher says',
      });
    const hashed = async function* (): AsyncGenerator<Buffer> {
      let came = 0;
      let told = 0;
      for await (const chunk of publishedFile(packed.url, asked)) {
        hash.update(chunk);
        came += chunk.length;
        const progress = Math.floor((came / packed.packedBytes) * 50) / 50;
        if (progress > told && progress < 1) tell(progress);
        told = progress;
        yield chunk;
      }
    };
    let size = 0;
    const looked = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of unpacked(hashed(), asked)) {
        if (size === 0 && volid.endsWith('.qcow2') !== chunk.subarray(0, QCOW2.length).equals(QCOW2))
          throw wrong(`what is in it is ${volid.endsWith('.qcow2') ? 'no' : 'a'} qcow2 image`);
        size += chunk.length;
        if (size > packed.bytes) throw wrong('there is more in it than its index says');
        yield chunk;
      }
    };
    yield* steady(looked(), clock);
    if (hash.digest('hex') !== packed.checksum) throw wrong('its checksum is another one');
    if (size < packed.bytes) throw wrong('there is less in it than its index says');
  }

  /** Whichever node was asked does it, and copies it to the other. */
  async function isCopying(signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    const lists = [...picture.nodes.online].map((each) =>
      client.list<TaskRow>(`${nodePath(each)}/tasks?source=active&typefilter=${type}&limit=200`, signal),
    );
    return (await Promise.all(lists)).flat().some(({ endtime }) => endtime === undefined);
  }
}

async function* after(
  first: IteratorResult<Buffer, unknown>,
  rest: AsyncGenerator<Buffer>,
): AsyncGenerator<Buffer> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}
