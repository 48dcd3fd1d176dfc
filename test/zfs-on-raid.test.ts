import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findInLab, logFindings } from '../addon/src/app/findings.ts';
import type { LabResource, LabResourceOf } from '../addon/src/kinds/index.ts';
import { Findings } from '../addon/src/lab/findings.ts';
import { zfsOnRaid } from '../addon/src/lab/zfs-on-raid.ts';
import { Store } from '../addon/src/model/store.ts';
import { recordingLog } from './helpers/samples.ts';

const SERVER = 'redfish/r640/server/system';
const NODE = 'proxmox/home/node/pve1';

function aServer(mode: string | undefined, disks: number): LabResourceOf<'server'> {
  const virtual = Array.from({ length: disks }, (_, index) => ({
    ...{ key: `virtual_disk_${index}`, title: `vd${index}`, problem: false },
  }));
  return {
    ...{ id: SERVER, kind: 'server', name: 'R640', available: true, facts: {} },
    content: { kind: 'node', id: NODE },
    readings: {
      ...{ on: true, health: 'ok', problem: false, failing: 'none' },
      controllers: [{ key: 'perc', title: 'PERC H730P Mini', problem: false, ...(mode && { mode }) }],
      ...(disks > 0 && { virtual_disks: virtual }),
    },
  };
}

/** What the rule reads of it. */
const thing = (kind: string, id: string, parent: string | undefined, model?: string): LabResource =>
  ({
    ...{ id, kind, name: id.split('/').at(-1), available: true, readings: {} },
    ...(parent !== undefined && { parent }),
    facts: model === undefined ? {} : { model },
  }) as unknown as LabResource;

const node = thing('node', NODE, SERVER);
const zfs = thing('storage', 'proxmox/home/storage/pve1/local-zfs', NODE, 'zfspool');
const pool = thing('pool', 'proxmox/home/pool/pve1/rpool', NODE);
const dir = thing('storage', 'proxmox/home/storage/pve1/local', NODE, 'dir');
const elsewhere = thing('pool', 'proxmox/home/pool/pve2/tank', 'proxmox/home/node/pve2');

suite('ZFS on a controller that makes virtual disks', () => {
  test('is found, with whose it is', () => {
    assert.deepEqual(zfsOnRaid([zfs, pool, node, aServer('RAID', 2), dir, elsewhere]), [
      {
        id: SERVER,
        server: 'R640',
        controller: 'PERC H730P Mini',
        node: 'pve1',
        pools: ['local-zfs', 'rpool'],
      },
    ]);
  });

  test('is nothing of the kind where drives are passed through, or nothing is ZFS', () => {
    const rest = [node, zfs, pool];
    assert.deepEqual(zfsOnRaid([aServer('HBA', 0), ...rest]), []);
    assert.deepEqual(zfsOnRaid([aServer('RAID', 0), ...rest]), [], 'it could, and does not');
    assert.deepEqual(zfsOnRaid([aServer(undefined, 0), ...rest]), []);
    assert.deepEqual(zfsOnRaid([aServer('RAID', 1), node, dir, elsewhere]), []);
    assert.deepEqual(zfsOnRaid([aServer('RAID', 1), thing('node', NODE, undefined), zfs]), []);
  });

  test('is warned of once, and again when it comes back', () => {
    const store = new Store<LabResource>();
    const log = recordingLog();
    const findings = new Findings();
    const end = findInLab(store, findings);
    logFindings(findings, log);
    const give = (server: LabResource): void => store.replace('redfish/r640', [server]);
    store.replace('proxmox/home', [thing('node', NODE, undefined), pool]);
    give(aServer('RAID', 1));
    give(aServer('RAID', 2));
    assert.equal(log.lines.length, 1);
    assert.match(
      log.lines[0] ?? '',
      /^warn ZFS lies on virtual disks of R640\. pve1 keeps ZFS \(rpool\) on R640, where PERC H730P Mini .*HBA mode/,
    );
    give(aServer('HBA', 0));
    give(aServer('RAID', 1));
    assert.equal(log.lines.length, 2);
    end();
    give(aServer('HBA', 0));
    give(aServer('RAID', 1));
    assert.equal(log.lines.length, 2);
  });
});
