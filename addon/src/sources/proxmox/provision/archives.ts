import type { Check } from '../../../contract/step.ts';
import type { GuestConfig, GuestRow } from '../guest/wire.ts';
import { nodePath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import type { VolumeRow } from '../storage/wire.ts';
import { timeText } from './snapshot-list.ts';

/** A backup that can be restored on a guest's node. */
export interface Archive {
  readonly storage: string;
  readonly volid: string;
  /** Seconds since 1970. */
  readonly time: number;
  /** undefined: nothing is wrong with it. */
  readonly problem: string | undefined;
}

/** The backups of a guest that its node can reach, newest first: only those that one may see are told. */
export async function archivesOf(
  { client, picture }: Desk,
  { node, vmid, type }: GuestRow,
  signal: AbortSignal,
): Promise<readonly Archive[]> {
  const found = await Promise.all(
    picture.storagesFor('backup', node).map(async (storage) => {
      const path = `${nodePath(node)}/storage/${encodeURIComponent(storage)}/content?content=backup&vmid=${vmid}`;
      const rows = await client.list<VolumeRow>(path, signal);
      return rows
        .filter(({ volid, subtype }) => (subtype ?? typeIn(volid)) === type)
        .map((row) => ({ storage, volid: row.volid, time: row.ctime ?? 0, problem: problemOf(row) }));
    }),
  );
  return found.flat().toSorted((one, other) => other.time - one.time);
}

const typeIn = (volid: string): string | undefined =>
  /vzdump-(qemu|lxc)-/.exec(volid)?.[1] ?? (/backup\/vm\//.test(volid) ? 'qemu' : 'lxc');

function problemOf({ size, verification }: VolumeRow): string | undefined {
  if (size === 1) return 'it is not complete';
  return verification?.state === 'failed' ? 'it failed its verification' : undefined;
}

/** @param wanted its volume; left out: the newest that nothing is wrong with */
export function chosenArchive(
  guest: string,
  archives: readonly Archive[],
  wanted: string | undefined,
): { readonly archive?: Archive; readonly check: Check } {
  const name = 'Backup';
  const archive = archives.find(({ volid, problem }) =>
    wanted === undefined ? problem === undefined : volid === wanted,
  );
  if (archive === undefined) {
    const message = `${guest} has no ${wanted === undefined ? 'backup that could be restored' : `backup ${wanted}`}`;
    const known = archives.slice(0, 5).map(({ volid }) => volid);
    const hint =
      known.length === 0
        ? 'backups are shown to who has VM.Backup at the guest and Datastore.AllocateSpace at their storage'
        : `it has, newest first: ${known.join(', ')}`;
    return { check: { name, ok: false, message, hint } };
  }
  const { volid, time, problem } = archive;
  if (problem === undefined)
    return { archive, check: { name, ok: true, message: `${volid}, of ${timeText(time)}` } };
  return { check: { name, ok: false, message: `${volid}: ${problem}`, hint: 'choose another one' } };
}

/** What the guest was set to when it was backed up. */
export async function configIn(
  { client }: Desk,
  node: string,
  volid: string,
  signal: AbortSignal,
): Promise<GuestConfig> {
  const path = `${nodePath(node)}/vzdump/extractconfig?volume=${encodeURIComponent(volid)}`;
  return configOf(await client.value<string>(path, signal));
}

/** Reads the file of a configuration: its first section is the guest, the others are snapshots; notes are comments. */
export function configOf(text: string): GuestConfig {
  const [first = ''] = text.split(/^\[/m);
  const lines = first.split('\n');
  const notes = lines.filter((line) => /^#(?!qmdump)/.test(line)).map((line) => decoded(line.slice(1)));
  const settings = lines.flatMap((line) => {
    const [, key, value] = /^([a-z][\w-]*):\s*(.*)$/.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [[key, value] as const];
  });
  return { ...Object.fromEntries(settings), ...(notes.length > 0 && { description: notes.join('\n') }) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
