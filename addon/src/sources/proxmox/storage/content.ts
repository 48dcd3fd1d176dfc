import { asLabError } from '../../../core/errors.ts';
import { nodePath } from '../ids.ts';
import type { ClusterReader, Desk } from '../reader.ts';
import { isThin } from './overcommit.ts';
import type { Place } from './place.ts';
import type { StorageConfig, ThinPoolRow, VolumeRow } from './wire.ts';

/**
 * What lies on storages: backups, and disks of guests where they may be promised more than there is. Each storage is
 * read every half an hour and a shared one once, those for backups also when a backup is over; in between there is no
 * call.
 */
export const storageContents: ClusterReader = {
  of: 'cluster',
  what: 'contents of the storages',
  due: 60,
  read: async (desk, signal) => {
    const { picture, context } = desk;
    const { contents, places } = picture;
    const now = context.clock.elapsed();
    const due = contents.due(places, KINDS, now);
    if (due.length === 0) return;
    await configure(desk, due, signal);
    await Promise.all(due.map((place) => readContent(desk, place, now, signal)));
  },
};

const KINDS = new Set(['backup', 'images', 'rootdir']);

/** How storages are set up; a login that may not see it sees no storages either. */
async function configure(
  { client, picture, context }: Desk,
  due: readonly Place[],
  signal: AbortSignal,
): Promise<void> {
  // A backup that ended changes nothing of that.
  const isKnown = due.every(({ storage }) => picture.contents.configOf(storage) !== undefined);
  if (isKnown && due.every(({ content }) => content.has('backup'))) return;
  try {
    picture.contents.configured(await client.list<StorageConfig>('/storage', signal));
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    context.log.debug(asLabError(thrown).message);
  }
}

async function readContent(desk: Desk, place: Place, now: number, signal: AbortSignal): Promise<void> {
  const { client, picture, warn } = desk;
  const { path, storage, node, content } = place;
  const thin = isThin(place, picture.contents.configOf(storage));
  // Images and templates are left alone, and disks that nothing is asked of: to tell their sizes each file is opened.
  const only = thin ? '' : '?content=backup';
  if (!thin && !content.has('backup')) return picture.contents.saw(path, [], now);
  const url = `${nodePath(node)}/storage/${encodeURIComponent(storage)}/content${only}`;
  try {
    picture.contents.saw(path, await client.list<VolumeRow>(url, signal), now);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    picture.contents.failed(path, now);
    warn(asLabError(thrown));
  }
}

/** Thin pools of nodes that have some: how much of their metadata is used is told nowhere else. */
export const thinPools: ClusterReader = {
  of: 'cluster',
  what: 'thin pools of the nodes',
  due: 600,
  read: async ({ client, picture, warn }, signal) => {
    const places = picture.places.filter(({ plugin, active }) => plugin === 'lvmthin' && active);
    for (const node of new Set(places.map((place) => place.node))) {
      try {
        const rows = await client.list<ThinPoolRow>(`${nodePath(node)}/disks/lvmthin`, signal);
        picture.contents.sawThin(node, rows);
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        warn(asLabError(thrown));
      }
    }
  },
};
