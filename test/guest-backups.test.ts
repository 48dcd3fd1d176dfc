import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { joinBackups } from '../addon/src/app/backups.ts';
import type { Source } from '../addon/src/contract/source.ts';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { Engine } from '../addon/src/engine/engine.ts';
import type { LabResource, LabResourceOf } from '../addon/src/kinds/index.ts';
import { backupPlacesOf } from '../addon/src/lab/backup-places.ts';
import { guestBackups } from '../addon/src/lab/guest-backups.ts';
import { linksOf } from '../addon/src/model/resource.ts';
import { Store } from '../addon/src/model/store.ts';
import { pbs } from '../addon/src/sources/pbs/index.ts';
import { type PbsSimulator, seededBackupServer, startPbsSimulator } from '../simulators/pbs/index.ts';
import { OPERATOR_TOKEN, ROLES, seededCluster } from '../simulators/proxmox/index.ts';
import { proxmoxLab } from './helpers/proxmox-lab.ts';

const PRINT = 'ab:cd:01';
const thing = (id: string, kind: string, more: Partial<LabResource>): LabResource =>
  ({ id, kind, name: id, available: true, readings: {}, facts: {}, ...more }) as LabResource;
const server = (id: string, facts: object = {}): LabResource =>
  thing(`pbs/${id}/backupserver/main`, 'backupserver', { facts: { url: 'https://PBS.lan:8007', ...facts } });
const datastore = (id: string, backups?: readonly object[], more: object = {}): LabResource =>
  thing(`pbs/${id}/datastore/tank`, 'datastore', {
    ...{ name: 'tank', parent: `pbs/${id}/backupserver/main` },
    readings: { usage: 30, ...(backups && { backups }) } as never,
    ...more,
  });
const VAULT = 'proxmox/home/storage/vault';
const storage = (facts: object, id = VAULT): LabResource =>
  thing(id, 'storage', { facts: { server: 'pbs.lan', datastore: 'tank', ...facts } });
const backup = (last: string, more: object = {}): object => ({
  ...{ key: 'vm_100', title: 'x', group: 'vm/100', namespace: 'home', count: 1, last },
  ...{ size: 5, verified: true, encrypted: true, ...more },
});
const gap = (more: object = {}): object => ({
  ...{ key: 'vault', title: 'vault', storage: VAULT, group: 'vm/100', made: '2026-01-01T00:00:00+00:00' },
  ...more,
});
const GUEST = 'proxmox/home/guest/100';
const guest = (readings: object, id = GUEST): LabResource =>
  thing(id, 'guest', {
    readings: {
      ...{ unprotected: null, last_backup: null, backup_size: null, backup_verified: null },
      ...{ backup_encrypted: null, backup_job: true, lock: 'none', backup_gaps: [gap()], ...readings },
    } as never,
  });
const JANUARY = '2026-01-10T02:00:00+00:00';
const MARCH = '2026-03-10T02:00:00+00:00';

suite('which datastore a storage is', () => {
  const place = (storageFacts: object, ...servers: readonly LabResource[]) =>
    backupPlacesOf([storage(storageFacts), ...servers]).get(VAULT)?.datastore.id;
  const one = [server('one'), datastore('one')];

  test('is told by address, port and name', () => {
    assert.equal(place({}, ...one), 'pbs/one/datastore/tank');
    assert.equal(place({ server: 'PBS.LAN' }, ...one), 'pbs/one/datastore/tank');
    assert.equal(place({ server: 'pbs.lan:8008' }, ...one), undefined);
    assert.equal(place({ server: 'pbs' }, ...one), undefined);
    assert.equal(place({ datastore: 'other' }, ...one), undefined);
    const six = [server('one', { url: 'https://[fd00::5]:8007' }), datastore('one')];
    assert.equal(place({ server: 'fd00::5' }, ...six), 'pbs/one/datastore/tank');
    assert.equal(place({ datastore: undefined, server: undefined }, ...one), undefined);
  });

  test('is told by the certificate first, whatever the address', () => {
    const known = [server('one', { fingerprint: PRINT }), datastore('one')];
    assert.equal(place({ server: '10.0.0.9', fingerprint: 'AB:CD:01' }, ...known), 'pbs/one/datastore/tank');
    assert.equal(place({ fingerprint: 'ab:cd:02' }, ...known), undefined);
    const two = [server('two', { fingerprint: PRINT }), datastore('two')];
    assert.equal(place({ fingerprint: PRINT }, ...known, ...two), undefined, 'two fit');
  });
});

suite('what a backup server tells of a guest', () => {
  const STORAGE = storage({ namespace: 'home' });
  function told(own: object, backups: readonly object[] | undefined, ...more: readonly LabResource[]) {
    const store = new Store<LabResource>();
    store.replace('proxmox/home', [guest(own), STORAGE]);
    store.replace('pbs/one', [server('one'), datastore('one', backups)]);
    if (more.length > 0) store.replace('other', more);
    return guestBackups(store).get(GUEST)?.better;
  }

  test('counts where the hypervisor does not show it all', () => {
    const found = { last_backup: JANUARY, backup_size: 5, backup_verified: true, backup_encrypted: true };
    assert.deepEqual(told({}, [backup(JANUARY)]), { unprotected: false, ...found });
    assert.deepEqual(told({ backup_job: false, unprotected: true }, [backup(JANUARY)]), {
      ...{ unprotected: true, ...found },
    });
    assert.equal(told({ backup_job: null }, [backup(JANUARY)])?.unprotected, null);
    assert.equal(told({ backup_gaps: undefined, unprotected: true }, [backup(JANUARY)]), undefined);
  });

  test('is the latest of all, and what the hypervisor knows stays where that is later', () => {
    const own = { last_backup: JANUARY, backup_size: 1, unprotected: false };
    assert.equal(told(own, [backup(MARCH)])?.last_backup, MARCH);
    assert.equal(told({ ...own, last_backup: MARCH }, [backup(JANUARY)]), undefined);
  });

  test('is of that guest: by type, number, namespace, and not made before it was', () => {
    for (const other of [
      backup(JANUARY, { group: 'ct/100' }),
      backup(JANUARY, { group: 'vm/1000' }),
      backup(JANUARY, { namespace: '' }),
      backup('2025-12-31T02:00:00+00:00'),
      backup(JANUARY, { last: null }),
    ])
      assert.equal(told({}, [other])?.unprotected, true, JSON.stringify(other));
  });

  test('none is evidence only if all places are known', () => {
    assert.equal(told({}, [])?.unprotected, true);
    assert.equal(told({}, undefined), undefined, 'not read, or not all of it is shown');
    const gaps = [gap(), gap({ key: 'nas', storage: 'proxmox/home/storage/nas' })];
    assert.equal(told({ backup_gaps: gaps }, []), undefined);
    assert.equal(told({ backup_gaps: gaps }, [backup(JANUARY)])?.unprotected, false);
  });

  test('is nobody’s if two clusters have a guest of that number in the same place', () => {
    const second = 'proxmox/work/storage/vault';
    const theirs = [
      storage({ namespace: 'home' }, second),
      guest({ backup_gaps: [gap({ storage: second })] }, 'proxmox/work/guest/100'),
    ];
    assert.equal(told({}, [backup(JANUARY)], ...theirs), undefined);
  });
});

suite('backups that only their server shows', () => {
  let lab: Awaited<ReturnType<typeof proxmoxLab>>;
  let vault: PbsSimulator;
  let engine: Engine;
  afterEach(async () => {
    await engine.close();
    await vault.close();
    await lab.close();
  });
  const readings = (vmid: number) => lab.find('guest', String(vmid))?.readings;

  /** All backups are on a backup server; Proxmox VE does not let the token see them. */
  async function start(): Promise<void> {
    let print = '';
    lab = await proxmoxLab(({ clock }) => {
      const cluster = seededCluster({ clock });
      const more = { server: '10.0.10.5', datastore: 'tank', namespace: 'home' };
      cluster.storages = [
        ...cluster.storages.filter(({ content }) => !content.includes('backup')),
        {
          ...{ storage: 'vault', type: 'pbs', content: 'backup', shared: true, total: 4e12, used: 1e12 },
          get more() {
            return { ...more, fingerprint: print };
          },
        },
      ];
      cluster.archives = [];
      const token = cluster.access.tokens.find(({ id }) => id === OPERATOR_TOKEN);
      assert.ok(token);
      const acl = ROLES.operator.filter((privilege) => privilege !== 'Datastore.AllocateSpace');
      cluster.access.addToken({ ...token, acl: { '/': acl } });
      return cluster;
    });
    vault = await startPbsSimulator({ server: seededBackupServer(lab.clock) });
    print = vault.fingerprint;
    const { url, fingerprint, tokenId, tokenSecret } = vault;
    const options = { url, fingerprint, token_id: tokenId, token_secret: tokenSecret };
    engine = new Engine([{ source: pbs as unknown as Source, id: 'vault', title: 'Vault', options }], {
      ...{ store: lab.store, clock: lab.clock, log: lab.log, database: memoryDatabase(), random: () => 0.5 },
      intervals: { fast: 30, slow: 60, rare: 600 },
    });
    joinBackups(lab.store);
    engine.start();
  }

  test('are those of their guests, and stay while the server is gone', async () => {
    await start();
    await lab.until('a backup', () => readings(100)?.unprotected === false);
    const stored = vault.server
      .find('tank')
      .namespaces.get('home')
      ?.find(({ id }) => id === '100');
    assert.equal(Date.parse(readings(100)?.last_backup ?? '') / 1_000, stored?.time);
    assert.deepEqual([readings(100)?.backup_verified, readings(100)?.backup_encrypted], [false, true]);
    assert.equal(readings(100)?.backup_size, 12);
    // A container of that number is another thing.
    assert.equal(readings(110)?.unprotected, true);
    const place = lab.find('storage', 'vault') as LabResourceOf<'storage'>;
    assert.deepEqual(linksOf(place), [{ type: 'uses_storage', to: 'pbs/vault/datastore/tank' }]);

    const heard: unknown[] = [];
    lab.store.subscribe((diff) => {
      for (const { after } of diff)
        if (after?.kind === 'guest' && after.id.endsWith('/100')) heard.push(after.readings.unprotected);
    });
    vault.faults.inject({ path: /./ }, { kind: 'reset' });
    await lab.until(
      'the outage',
      () => lab.store.get('pbs/vault/backupserver/main')?.available === false,
      300,
    );
    await lab.until('doubt', () => readings(110)?.unprotected === null);
    vault.faults.clear();
    await lab.until('the server', () => readings(110)?.unprotected === true, 600);
    assert.ok(
      heard.every((each) => each === false),
      heard.join(),
    );
  });

  test('show a new one soon, and the loss of the last', async () => {
    await start();
    await lab.until('none', () => readings(110)?.unprotected === true);
    vault.server.backUp('tank', 'home', 'ct', '110', 'pulse');
    const made = lab.clock.now();
    await lab.until('the backup', () => readings(110)?.unprotected === false, 180);
    assert.ok(Math.abs(Date.parse(readings(110)?.last_backup ?? '') - made) < 1_000);
    const { namespaces } = vault.server.find('tank');
    namespaces.set('home', namespaces.get('home')?.filter(({ id }) => id !== '110') ?? []);
    vault.server.end(vault.server.begin('prune', 'tank'));
    await lab.until('the loss', () => readings(110)?.unprotected === true, 180);
  });
});
