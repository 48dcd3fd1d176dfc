import type { LeftBehind, StepContext, StepOf } from '../../../contract/step.ts';
import { guestPath, nodePath, storageId } from '../ids.ts';
import type { Desk } from '../reader.ts';
import { taskEnded } from '../tasks.ts';
import type { Bench } from './bench.ts';
import { callText } from './call.ts';
import { isThere, removalOf, removeFile } from './image.ts';
import { type Made, ownGuest } from './made.ts';
import { type SeedAbout, seedImage } from './seed.ts';

const UPLOAD_MS = 120_000;
const ARRIVES_MS = 20_000;

/** The image with a machine's user data, while it lies on a storage. */
export interface Seed {
  readonly node: string;
  readonly storage: string;
  readonly file: string;
  readonly volid: string;
  /** Drive that it lies in: `scsi1`. */
  readonly drive: string;
  readonly about: SeedAbout;
}

export function seedLeft({ picture }: Desk, { node, storage, volid }: Seed): LeftBehind {
  const row = picture.storageOn(storage, node);
  return {
    id: storageId(picture.owner, row?.shared ? storage : `${node}/${storage}`),
    what: `the user data ${volid} on ${node}`,
  };
}

/** Puts the user data where the machine finds it. Only the first run has it: it may hold secrets. */
export function uploadStep(
  { desk }: Bench,
  seed: Seed,
): StepOf<StepContext<{ readonly user_data?: string | undefined }>> {
  const { client, context } = desk;
  const { node, storage, file, about } = seed;
  const path = `${nodePath(node)}/storage/${encodeURIComponent(storage)}/upload`;
  const ended = (upid: string, signal: AbortSignal): Promise<void> =>
    taskEnded(client, upid, context.clock, UPLOAD_MS, signal);
  let askedAt: number | undefined;
  return {
    name: 'Put its user data on a storage',
    calls: [callText({ method: 'POST', path, form: { content: 'iso', filename: file } })],
    needsSecrets: true,
    run: async ({ signal, note, input: { user_data: text = '' } }) => {
      note({ left: [seedLeft(desk, seed)] });
      const data = seedImage(about, text, context.clock.now());
      const upid = await client.upload(path, { content: 'iso', name: file, data }, UPLOAD_MS, signal);
      note({ vendorRef: upid });
      await ended(upid, signal);
    },
    happened: async ({ vendorRef, signal, note }) => {
      if (vendorRef !== undefined) await ended(vendorRef, signal);
      if (await isThere(desk, seed, signal)) return true;
      askedAt ??= context.clock.elapsed();
      if (context.clock.elapsed() - askedAt < ARRIVES_MS) return undefined;
      note({ left: [] });
      return false;
    },
  };
}

/** Takes the user data away again: out of the machine, and off the storage. */
export function removeStep({ desk }: Bench, made: Made, seed: Seed): StepOf<StepContext<never>> {
  const { client } = desk;
  const { drive, volid } = seed;
  // A running machine lets go of a SCSI drive; of others only of what lies in them.
  const form = drive.startsWith('scsi') ? { delete: drive } : { [drive]: 'none,media=cdrom' };
  return {
    name: 'Take its user data away',
    calls: [callText({ method: 'PUT', path: `${guestPath(made)}/config`, form }), callText(removalOf(seed))],
    run: async (now) => {
      const { signal, note } = now;
      const { row, config } = await ownGuest(desk, made, now);
      if (String(config[drive] ?? '').startsWith(volid))
        await client.change<unknown>('PUT', `${guestPath(row)}/config`, form, signal);
      await removeFile(desk, seed, signal);
      note({ left: [] });
    },
    happened: async () => false,
  };
}
