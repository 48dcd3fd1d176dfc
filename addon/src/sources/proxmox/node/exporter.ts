import type { NodeReader } from '../reader.ts';
import { exportedIn } from './exporter-map.ts';

/** Since this version Proxmox VE tells the cache of ZFS itself. */
const TELLS_ARC = 9;

/** Temperatures and ZFS of the nodes that have an exporter. */
export const nodeExporter: NodeReader = {
  of: 'node',
  what: 'exporters of the nodes',
  due: 60,
  read: async ({ exporters, picture }, node, signal) => {
    try {
      const text = await exporters.read(node, signal);
      if (text === undefined) return;
      const { readings, arc } = exportedIn(text);
      const version = picture.nodes.mainVersion(node);
      const isOld = version !== undefined && version < TELLS_ARC;
      picture.nodes.tell(node, 'exporter', { ...readings, ...(isOld && { arc: arc ?? 0 }) });
    } catch (thrown) {
      // What it told before is not so for ever.
      picture.nodes.fade(node, 'exporter');
      throw thrown;
    }
  },
};
