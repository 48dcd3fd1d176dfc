import { createHash } from 'node:crypto';
import type { StepContext, StepOf } from '../../../contract/step.ts';
import { pause } from '../../../core/clock.ts';
import type { TaskRow } from '../cluster/wire.ts';
import { nodePath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import type { VolumeRow } from '../storage/wire.ts';
import { taskEnded } from '../tasks.ts';
import type { Bench } from './bench.ts';
import { type Call, callText, send } from './call.ts';
import { endedUnlessCancelled } from './stoppable.ts';

const FETCH_MS = 3_600_000;
const REMOVE_MS = 120_000;
const LOOK_MS = 3_000;
const ARRIVES_MS = 20_000;

/** A file that a node fetches onto one of its storages. */
export interface Fetch {
  readonly name: string;
  readonly call: Call;
  /** Of its task: `download` or `ociregistrypull`. */
  readonly type: string;
  readonly node: string;
  readonly storage: string;
  /** Id of the volume that it becomes. */
  readonly volid: string;
}

/** What an image from an address is called on a storage: another content is another file. */
export function imageFile(url: string, checksum: string): string {
  const isPacked = url.endsWith('.xz');
  const plain = url.replace(/\.xz$/, '');
  const base = decodeURIComponent(plain.slice(plain.lastIndexOf('/') + 1))
    .replace(/\.(qcow2|img|raw|vmdk)$/i, '')
    .replaceAll(/[^a-zA-Z0-9_.-]/g, '_')
    .slice(0, 100);
  // Images that are called .img are in qcow2; packed, in none.
  const [, extension = isPacked ? 'raw' : 'qcow2'] = /\.(qcow2|raw|vmdk)$/i.exec(plain) ?? [];
  const digest = createHash('sha256').update(checksum.toLowerCase()).digest('hex').slice(0, 10);
  return `${base}-${digest}.${extension.toLowerCase()}`;
}

/** Whether a volume lies on a storage of a node. @param file with `bytes`: as large as that */
export async function isThere(
  { client }: Desk,
  { node, storage, volid, bytes }: Volume & { readonly bytes?: number | undefined },
  signal: AbortSignal,
): Promise<boolean> {
  const content = volid.slice(volid.indexOf(':') + 1, volid.indexOf('/'));
  const path = `${nodePath(node)}/storage/${encodeURIComponent(storage)}/content?content=${content}`;
  const row = (await client.list<VolumeRow>(path, signal)).find((each) => each.volid === volid);
  return row !== undefined && (bytes === undefined || row.size === undefined || row.size === bytes);
}

type Volume = Pick<Fetch, 'node' | 'storage' | 'volid'>;

export const removalOf = ({ node, storage, volid }: Volume): Call => ({
  method: 'DELETE',
  path: `${nodePath(node)}/storage/${encodeURIComponent(storage)}/content/${encodeURIComponent(volid)}`,
  form: {},
});

/** Deletes a file from a storage, if it lies there. */
export async function removeFile(desk: Desk, volume: Volume, signal: AbortSignal): Promise<void> {
  if (!(await isThere(desk, volume, signal))) return;
  try {
    const upid: string | null = await send(desk.client, removalOf(volume), signal);
    if (upid !== null) await taskEnded(desk.client, upid, desk.context.clock, REMOVE_MS, signal);
  } catch (thrown) {
    // An earlier run may have had it deleted already.
    if (signal.aborted || (await isThere(desk, volume, signal))) throw thrown;
  }
}

/** Has a file fetched, unless it lies there. It stays for whoever needs it next. */
export function fetchStep({ desk, copies }: Bench, fetch: Fetch): StepOf<StepContext<never>> {
  const { name, call, type, node, volid } = fetch;
  const { client, context } = desk;
  const ended = (upid: string, signal: AbortSignal): Promise<void> =>
    taskEnded(client, upid, context.clock, FETCH_MS, signal);
  // Two that want one file at the same time: the second finds it there.
  const alone = <T>(work: () => Promise<T>): Promise<T> => copies.run(`${node} ${volid}`, work);
  let askedAt: number | undefined;
  return {
    name,
    calls: [callText(call)],
    run: (now) =>
      alone(async () => {
        const { signal, note } = now;
        if (await isThere(desk, fetch, signal)) return;
        const upid = await send(client, call, signal);
        note({ vendorRef: upid });
        await endedUnlessCancelled(desk, upid, FETCH_MS, now);
        note({ log: `${volid} stays on ${node} for the next one` });
      }),
    happened: ({ vendorRef, signal }) =>
      alone(async () => {
        if (vendorRef !== undefined) await ended(vendorRef, signal);
        while (await isFetching(signal)) await pause(context.clock, LOOK_MS, signal);
        if (await isThere(desk, fetch, signal)) return true;
        askedAt ??= context.clock.elapsed();
        return context.clock.elapsed() - askedAt < ARRIVES_MS ? undefined : false;
      }),
  };

  async function isFetching(signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    const path = `${nodePath(node)}/tasks?source=active&typefilter=${type}&limit=200`;
    return (await client.list<TaskRow>(path, signal)).some(({ endtime }) => endtime === undefined);
  }
}
