import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { publishedRows } from '../addon/src/entities/published-rows.ts';
import { htmlPage } from '../simulators/proxmox/index.ts';
import { type PbsLabOptions, pbsLab } from './helpers/pbs-lab.ts';

type Lab = Awaited<ReturnType<typeof pbsLab>>;

const tried =
  (test: (lab: Lab) => Promise<void>, options: PbsLabOptions = {}) =>
  async (): Promise<void> => {
    const lab = await pbsLab(options);
    try {
      await test(lab);
    } finally {
      await lab.close();
    }
  };

describe('a Proxmox Backup Server', () => {
  it(
    'is shown with its datastores, their jobs and what is in them',
    tried(async (lab) => {
      await lab.known();
      const machine = lab.machine();
      assert.equal(machine?.available, true);
      assert.equal(machine?.readings.version, '4.1-2');
      assert.equal(machine?.readings.datastores, 2);
      assert.equal(machine?.readings.memory, 2);
      assert.equal(machine?.readings.tasks_failed, 0);
      // Its uptime is told in whole seconds.
      const started = Date.parse(machine?.readings.started ?? '');
      assert.ok(Math.abs(started - lab.server.booted) <= 1_000);
      const tank = lab.datastore('tank');
      assert.equal(tank?.parent, machine?.id);
      const { jobs = [], backups = [], ...readings } = tank?.readings ?? {};
      assert.equal(readings.usage, 30);
      assert.equal(readings.total, 3_600);
      assert.equal(readings.deduplication, 14);
      assert.equal(readings.groups, 4);
      assert.equal(readings.snapshots, 56);
      assert.equal(readings.unverified, 4);
      assert.equal(readings.broken, 0);
      assert.equal(readings.problem, false);
      assert.equal(readings.maintenance, 'none');
      assert.equal(readings.removed, 5);
      assert.deepEqual(
        jobs.map(({ key, title, last_result }) => [key, title, last_result]),
        [
          ['gc', 'Garbage collection', 'ok'],
          ['verify_v_7a1b2c3d', 'Verification', 'ok'],
          ['prune_default_tank', 'Pruning', 'ok'],
        ],
      );
      assert.deepEqual(backups[1], {
        ...{ key: 'home_vm_100', title: 'homeassistant', group: 'vm/100', namespace: 'home', count: 14 },
        ...{ last: readings.last_backup, size: 12, verified: false, encrypted: true },
      });
      assert.deepEqual(
        lab.log.lines,
        lab.log.lines.filter((line) => !/warn|error/.test(line)),
      );
    }),
  );

  it(
    'has an entity for the last backup of each thing, for who wants all, and mixes none up',
    tried(
      async (lab) => {
        await lab.known();
        const tank = lab.datastore('tank') ?? assert.fail();
        const rows = (level: 'standard' | 'all') =>
          publishedRows(tank, { level, levels: new Map() }).filter(({ key }) => key.endsWith('_last'));
        assert.deepEqual(rows('standard'), []);
        const keys = rows('all').map(({ key }) => key);
        assert.deepEqual([keys.length, new Set(keys).size], [6, 6]);
      },
      {
        before: ({ server }) => {
          const of = (id: string) => [{ type: 'vm' as const, id, time: server.now - 60, size: 1 }];
          server.find('tank').namespaces.set('a-b', of('7')).set('a/b', of('7'));
        },
      },
    ),
  );

  it(
    'shows a new backup, and what its task did to it, without waiting for the next round',
    tried(async (lab) => {
      await lab.known();
      await lab.pass(90);
      lab.server.backUp('tank', 'home', 'vm', '104', 'new-guest');
      await lab.until('the backup', () => lab.datastore('tank')?.readings.groups === 5, 90);
      const made = lab.datastore('tank')?.readings.backups?.find(({ group }) => group === 'vm/104');
      assert.equal(made?.title, 'new-guest');
      assert.equal(made?.verified, false);
    }),
  );

  it(
    'tells once of a task that failed, also of one that did while nobody looked',
    tried(
      async (lab) => {
        const failing = lab.server.begin('verificationjob', 'tank:v-7a1b2c3d');
        lab.server.end(failing, 'verification failed - please check the log for details');
        await lab.known();
        await lab.pass(70);
        assert.equal(lab.events.length, 0, 'what failed before the first start is no news');
        assert.equal(lab.machine()?.readings.tasks_failed, 1);
        assert.match(
          lab.machine()?.readings.last_failure ?? '',
          /^verificationjob tank:v-7a1b2c3d: verification failed/,
        );
        const second = lab.server.begin('garbage_collection', 'offsite');
        await lab.pass(70);
        assert.equal(lab.machine()?.readings.task, 'garbage_collection offsite');
        lab.server.end(second, 'unable to open chunk store');
        await lab.pass(70);
        assert.equal(lab.events.length, 1);
        const [where, key, event] = lab.events[0] ?? [];
        assert.equal(where, 'pbs/vault/backupserver/main');
        assert.equal(key, 'failure');
        assert.equal(event?.datastore, 'offsite');
        assert.equal(event?.text, 'unable to open chunk store');
        lab.server.end(lab.server.begin('prune', 'tank'), 'no luck');
        await lab.reopen();
        await lab.until('the third', () => lab.events.length === 2, 90);
        await lab.pass(70);
        assert.equal(lab.events.length, 2);
      },
      { database: memoryDatabase() },
    ),
  );

  it(
    'has a problem when a backup is not whole or a datastore cannot be used, not when that is meant',
    tried(async (lab) => {
      await lab.known();
      const [first] = lab.server.find('tank').namespaces.get('home') ?? [];
      assert.ok(first);
      first.state = 'failed';
      lab.server.end(lab.server.begin('verify', 'tank'));
      const { datastore } = lab;
      await lab.until('the problem', () => datastore('tank')?.readings.problem === true, 90);
      assert.equal(datastore('tank')?.readings.trouble, '1 backup is not whole');
      assert.notEqual(datastore('tank')?.readings.backups?.[1]?.last, undefined);
      lab.server.find('offsite').error = 'unable to open chunk store: No such file or directory (os error 2)';
      await lab.until('the other', () => datastore('offsite')?.readings.problem === true, 90);
      assert.match(datastore('offsite')?.readings.trouble ?? '', /No such file/);
      delete lab.server.find('offsite').error;
      lab.server.find('offsite').maintenance = 'type=offline,message=cleaning';
      lab.server.end(lab.server.begin('set-datastore-maintenance', 'offsite'));
      await lab.until('the mode', () => datastore('offsite')?.readings.maintenance === 'offline', 90);
      await lab.pass(70);
      assert.equal(datastore('offsite')?.readings.problem, false);
      assert.equal(datastore('offsite')?.readings.used, null);
    }),
  );

  it(
    'takes what it may not see for unknown, never for nothing',
    tried(
      async (lab) => {
        await lab.until('the datastores', () => lab.datastore('tank') !== undefined);
        await lab.pass(150);
        assert.equal(lab.datastore('tank')?.readings.snapshots, null);
        assert.equal(lab.datastore('tank')?.readings.broken, null);
        assert.equal(lab.datastore('tank')?.readings.problem, null);
        assert.equal(lab.datastore('offsite')?.readings.snapshots, 16);
        assert.equal(lab.machine()?.available, false, 'how the machine is, nobody tells');
        assert.deepEqual(
          lab.findings.map(({ about, severity }) => [about, severity]),
          [['pbs/vault/datastore/tank', 'warning']],
        );
        assert.equal(
          lab.findings[0]?.commands?.[1],
          "proxmox-backup-manager acl update /datastore/tank DatastoreAudit --auth-id 'labkeeper@pbs!homeassistant'",
        );
      },
      {
        before: (simulator) => {
          simulator.acl = {
            '/datastore/tank': ['DatastoreBackup'],
            '/datastore/offsite': ['DatastoreAudit'],
          };
        },
      },
    ),
  );

  it(
    'costs less than six calls a minute at rest',
    tried(async (lab) => {
      await lab.known();
      await lab.pass(300);
      const before = lab.simulator.faults.count();
      await lab.pass(1_200);
      const calls = (lab.simulator.faults.count() - before) / 20;

      assert.ok(calls > 2 && calls < 6, `${calls}`);
    }),
  );

  for (const [what, options, words] of [
    ['a wrong token', { options: () => ({ token_secret: 'wrong' }) }, /token_secret/],
    [
      'another certificate',
      { options: () => ({ fingerprint: 'AA:'.repeat(31).concat('AA') }) },
      /fingerprint/i,
    ],
    [
      'a page of a proxy',
      {
        before: ({ faults }: { faults: Lab['simulator']['faults'] }) =>
          faults.inject({}, htmlPage(502, 'Bad Gateway')),
      },
      /proxy|8007/,
    ],
    [
      'half an answer',
      {
        before: ({ faults }: { faults: Lab['simulator']['faults'] }) =>
          faults.inject({}, { kind: 'truncate', bytes: 9 }),
      },
      /vault/,
    ],
  ] as const) {
    it(
      `says what is wrong with ${what}`,
      tried(async (lab) => {
        await lab.until('the word', () => lab.log.lines.some((line) => line.includes('warn')));
        const said = lab.log.lines.find((line) => line.includes('warn')) ?? '';
        assert.match(said, words);
        assert.equal(lab.machine(), undefined);
        assert.ok(!lab.log.lines.some((line) => line.includes(lab.simulator.tokenSecret)));
      }, options as PbsLabOptions),
    );
  }

  it(
    'is unavailable while it does not answer, and what it was is back with it',
    tried(async (lab) => {
      await lab.known();
      const back = lab.simulator.faults.inject({}, { kind: 'reset' });
      await lab.until('its absence', () => lab.datastore('tank')?.available === false, 300);
      back();
      await lab.until('its return', () => lab.datastore('tank')?.available === true, 300);
      assert.equal(lab.datastore('tank')?.readings.snapshots, 56);
    }),
  );
});
