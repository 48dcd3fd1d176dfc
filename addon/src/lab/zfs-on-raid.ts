import type { Finding } from '../contract/finding.ts';
import type { LabResource } from '../kinds/index.ts';

/** A ZFS pool that lies on disks which a controller made up. */
export interface ZfsOnRaid {
  /** Of the server. */
  readonly id: string;
  readonly server: string;
  readonly controller: string;
  readonly node: string;
  readonly pools: readonly string[];
}

/**
 * ZFS wants to see the drives: on the virtual disks of a RAID controller it can neither tell which drive is wrong nor
 * repair what it finds, and a power cut may cost what the controller had only promised to write. Which disks a pool has
 * is not known here: what counts is that the controller makes virtual disks and the node on its server has a pool.
 *
 * @returns one for each such controller, by its server's name
 */
export function zfsOnRaid(lab: Iterable<LabResource>): readonly ZfsOnRaid[] {
  const all = [...lab];
  const named = (parent: string): readonly string[] =>
    all
      .filter((one) => one.parent === parent && isZfs(one))
      .map(({ name }) => name)
      .sort();
  const found = all.flatMap((server) => {
    if (server.kind !== 'server' || (server.readings.virtual_disks ?? []).length === 0) return [];
    const controllers = (server.readings.controllers ?? []).filter(({ mode }) => mode === 'RAID');
    const nodes = all.filter((one) => one.kind === 'node' && one.parent === server.id);
    return nodes.flatMap((node) => {
      const pools = named(node.id);
      if (pools.length === 0) return [];
      return controllers.map(({ title }) => ({
        ...{ id: server.id, server: server.name, controller: title, node: node.name, pools },
      }));
    });
  });
  return found.sort((one, other) => (one.server < other.server ? -1 : 1));
}

/** For people: what is wrong, and what to do. */
export const zfsOnRaidFinding = ({ id, server, controller, node, pools }: ZfsOnRaid): Finding => ({
  key: `zfs_on_raid/${id}/${controller}`,
  severity: 'warning',
  about: id,
  title: `ZFS lies on virtual disks of ${server}`,
  message:
    `${node} keeps ZFS (${pools.join(', ')}) on ${server}, where ${controller} makes virtual disks of the drives: ZFS can ` +
    'neither tell which drive is wrong nor repair what it finds there.',
  remedy: 'Have the controller pass the drives through (HBA mode), or use no ZFS on its virtual disks.',
});

const isZfs = (one: LabResource): boolean =>
  one.kind === 'pool' || (one.kind === 'storage' && one.facts.model === 'zfspool');
