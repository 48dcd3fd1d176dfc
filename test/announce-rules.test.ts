import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { speakUp } from '../addon/src/app/speak-up.ts';
import type { Announcements, RuleId } from '../addon/src/contract/announcements.ts';
import { RULE_IDS } from '../addon/src/contract/announcements.ts';
import type { AnnounceInput } from '../addon/src/contract/inputs/announce.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import type { JobEnd } from '../addon/src/lab/announce/fact.ts';
import { isQuiet } from '../addon/src/lab/announce/policy.ts';
import { Store } from '../addon/src/model/store.ts';
import { FakeClock } from './helpers/fake-clock.ts';
import { aContainer, recordingLog } from './helpers/samples.ts';

const OWNER = 'proxmox/home';
const ALL: NonNullable<Announcements['rules']> = Object.fromEntries(
  RULE_IDS.map((id) => [id, { enabled: true }]),
);

const thing = (kind: string, name: string, readings: object, available = true): LabResource =>
  ({
    ...{ id: `${OWNER}/${kind}/${name}`, kind, name, available, readings },
    facts: { manufacturer: 'Some' },
  }) as unknown as LabResource;

const backup = (last_run: string, last_result: string | null) =>
  thing('cluster', 'home', {
    jobs: [{ key: 'b1', title: 'nightly', kind: 'backup', last_result, last_run }],
  });

const done = (change: Partial<JobEnd> = {}): JobEnd => ({
  ...{ id: 'j1', type: 'succeeded', action: 'create_vm', target: 'pve1', message: '' },
  title: { en: 'Create virtual machine', de: 'Virtuelle Maschine anlegen' },
  ...change,
});

describe('what Labkeeper says by itself', () => {
  let end = (): void => {};
  afterEach(() => end());

  /** A lab that was heard already, with these things in it. */
  async function begin(before: readonly LabResource[], settings: Announcements = { rules: ALL }) {
    const clock = new FakeClock(Date.UTC(2026, 0, 1, 12));
    const store = new Store<LabResource>();
    const inputs: AnnounceInput[] = [];
    const log = recordingLog();
    let written = async (): Promise<Announcements> => settings;
    const running = speakUp({
      ...{ store, clock, log, language: 'en', settings: () => written() },
      announce: (input) => void inputs.push(input),
      minuteOf: (at) => Math.floor(at / 60_000) % 1_440,
    });
    end = () => running.close();
    await clock.advance(0);
    store.replace(OWNER, before, true);
    return {
      ...{ clock, store, inputs, log, onEnd: running.onEnd },
      messages: () => inputs.map(({ message }) => message),
      see: async (...now: LabResource[]) => {
        store.replace(OWNER, now, true);
        await clock.advance(6_000);
      },
      pass: (minutes: number) => clock.advance(minutes * 60_000),
      write: (change: () => Promise<Announcements>) => {
        written = change;
      },
    };
  }

  const CASES: readonly (readonly [RuleId, LabResource, LabResource, string])[] = [
    ['failed_backup', backup('t1', 'ok'), backup('t2', 'failed'), 'A backup has failed: nightly (home).'],
    [
      'degraded_pool',
      thing('pool', 'tank', { health: 'online' }),
      thing('pool', 'tank', { health: 'degraded' }),
      'The storage pool tank is not whole.',
    ],
    [
      'dead_disk',
      thing('disk', 'sda', { problem: false, failure_predicted: false }),
      thing('disk', 'sda', { problem: false, failure_predicted: true }),
      'The disk sda is failing.',
    ],
    [
      'unhealthy_container',
      thing('container', 'web', { health: 'starting' }),
      thing('container', 'web', { health: 'unhealthy' }),
      'The container web is not healthy.',
    ],
    [
      'unprotected_guest',
      thing('guest', 'dns', { unprotected: false }),
      thing('guest', 'dns', { unprotected: true }),
      'Dns is protected by no backup.',
    ],
    [
      'hot_server',
      thing('server', 'r640', { temperatures: [{ title: 'CPU1', temperature: 70 }], failing: 'none' }),
      thing('server', 'r640', { temperatures: [{ title: 'CPU1', temperature: 81 }], failing: 'none' }),
      'R640 is too hot.',
    ],
    [
      'hot_server',
      thing('server', 'r640', { temperatures: [{ title: 'Inlet', temperature: 40 }], failing: 'Fan 1' }),
      thing('server', 'r640', {
        temperatures: [{ title: 'Inlet', temperature: 43 }],
        failing: 'Fan 1, Inlet',
      }),
      'R640 is too hot.',
    ],
    [
      'hot_server',
      thing('node', 'pve1', { cpu_temperature: 79 }),
      thing('node', 'pve1', { cpu_temperature: 80 }),
      'Pve1 is too hot.',
    ],
    [
      'wan_down',
      thing('gateway', 'USG', { internet: true }),
      thing('gateway', 'USG', { internet: false }),
      'USG has lost the internet.',
    ],
  ];
  for (const [rule, before, after, message] of CASES) {
    it(`says “${message}” when that happens (${rule}, ${before.kind})`, async () => {
      const lab = await begin([before], { rules: { [rule]: { enabled: true } } });
      await lab.see(after);
      await lab.pass(16);
      assert.deepEqual(lab.messages(), [message]);
      await lab.see(before);
      await lab.pass(120);
      assert.equal(lab.inputs.length, 1, 'that it is over is not said');
    });

    it(`says nothing of ${rule} of a ${before.kind} that was so already at the start, nor where it is off`, async () => {
      const lab = await begin([after]);
      await lab.pass(16);
      await lab.see({ ...after, facts: { manufacturer: 'Other' } });
      await lab.pass(16);
      assert.deepEqual(lab.messages(), []);
      end();
      const off = await begin([before], { rules: { ...ALL, [rule]: { enabled: false } } });
      await off.see(after);
      await off.pass(16);
      assert.deepEqual(off.messages(), []);
    });
  }

  it('says nothing of what only could not be seen for a while', async () => {
    const [ill, unknown] = ['unhealthy', null].map((health) => thing('container', 'web', { health }));
    const lab = await begin([ill as LabResource]);
    await lab.see(unknown as LabResource);
    lab.store.setReachable(OWNER, false);
    await lab.see(ill as LabResource);
    await lab.pass(5);
    assert.deepEqual(lab.messages(), []);
  });

  it('speaks of a new thing that is not well from its beginning', async () => {
    const old = thing('guest', 'old', { unprotected: true });
    const fresh = (unprotected: boolean | null) => thing('guest', 'fresh', { unprotected });
    const lab = await begin([old]);
    // What is not known at first is looked at again when it is.
    await lab.see(old, fresh(null));
    await lab.see(old, fresh(true));
    await lab.pass(16);
    assert.deepEqual(lab.messages(), ['Fresh is protected by no backup.']);
  });

  it('says nothing of what is over before it was worth a word', async () => {
    const health = (word: string) => thing('container', 'web', { health: word });
    const lab = await begin([health('healthy')]);
    await lab.see(health('unhealthy'));
    await lab.see(health('healthy'));
    await lab.pass(5);
    assert.deepEqual(lab.messages(), []);
  });

  it('makes one sentence of what comes about the same time, what is critical first', async () => {
    const containers = (health: string) => ['a', 'b'].map((name) => thing('container', name, { health }));
    const pool = (health: string) => thing('pool', 'tank', { health });
    const settings = { rules: { ...ALL, degraded_pool: { enabled: true, critical: true } } };
    const lab = await begin([...containers('healthy'), pool('online')], settings);
    await lab.see(...containers('unhealthy'), pool('online'));
    await lab.clock.advance(22_000);
    await lab.see(...containers('unhealthy'), pool('degraded'));
    await lab.pass(1);
    assert.deepEqual(lab.messages(), [
      'The storage pool tank is not whole, and the containers a and b are not healthy.',
    ]);
    assert.equal(lab.inputs[0]?.priority, 'urgent');
  });

  it('names a few and counts the rest, and takes no name for anything else', async () => {
    const names = ['$& {names}', 'two\u202e', 'x'.repeat(200), 'four', 'five', 'six'];
    const all = (health: string) => names.map((name) => thing('container', name, { health }));
    const lab = await begin(all('healthy'));
    await lab.see(...all('unhealthy'));
    await lab.pass(1);
    assert.deepEqual(lab.messages(), [
      `The containers $& {names}, two, ${'x'.repeat(59)}…, four and 2 more are not healthy.`,
    ]);
  });

  it('speaks German, and with the words, places, voice and volume that are written for a rule', async () => {
    const [well, ill] = (['healthy', 'unhealthy'] as const).map((health) =>
      aContainer({ name: 'web', readings: { health } }),
    );
    const pool = (health: string) => thing('pool', 'tank', { health });
    const lab = await begin([pool('online')], {
      ...{ language: 'de', targets: ['media_player.hall'], volume: 40, voice: 'emily-de' },
      rules: {
        degraded_pool: { enabled: true },
        unhealthy_container: {
          ...{ enabled: true, areas: ['Office'], volume: 20, chime: false },
          text: { de: { one: '{name} kränkelt!' } },
        },
      },
    });
    lab.store.replace('docker/nas', [well as LabResource], true);
    lab.store.replace('docker/nas', [ill as LabResource], true);
    await lab.see(pool('degraded'));
    await lab.pass(1);
    assert.deepEqual(lab.inputs, [
      {
        ...{ message: 'Der Speicherpool tank ist nicht vollständig.', targets: ['media_player.hall'] },
        ...{ voice: 'emily-de', volume: 40, priority: 'urgent' },
      },
      { message: 'Web kränkelt!', areas: ['Office'], voice: 'emily-de', volume: 20, chime: false },
    ]);
  });

  it('says the same again only after a while, and each failed run of a backup once', async () => {
    const health = (word: string) => thing('container', 'web', { health: word });
    const lab = await begin([health('healthy'), backup('t1', 'ok')], { repeat: 60, rules: ALL });
    for (const minutes of [10, 55]) {
      await lab.see(health('unhealthy'), backup('t1', 'ok'));
      await lab.pass(1);
      await lab.see(health('healthy'), backup('t1', 'ok'));
      await lab.pass(minutes);
    }
    assert.equal(lab.inputs.length, 1);
    await lab.see(health('unhealthy'), backup('t2', 'failed'));
    await lab.pass(1);
    await lab.see(health('unhealthy'), backup('t2', 'failed'));
    await lab.pass(1);
    assert.deepEqual(lab.messages().slice(1), [
      'A backup has failed: nightly (home).',
      'The container web is not healthy.',
    ]);
  });

  it('keeps quiet at night but for what is critical, and says in the morning what is still so', async () => {
    const states = (web: string, db: string, pool: string) => [
      thing('container', 'web', { health: web }),
      thing('container', 'db', { health: db }),
      thing('pool', 'tank', { health: pool }),
    ];
    const settings = { quiet: { from: '22:00', to: '07:00' }, rules: ALL };
    const lab = await begin(states('healthy', 'healthy', 'online'), settings);
    await lab.pass(11 * 60);
    await lab.see(...states('unhealthy', 'unhealthy', 'online'));
    await lab.pass(60);
    assert.deepEqual(lab.messages(), []);
    await lab.see(...states('unhealthy', 'healthy', 'degraded'));
    assert.deepEqual(lab.messages(), ['The storage pool tank is not whole.']);
    await lab.pass(6 * 60 + 50);
    assert.equal(lab.inputs.length, 1);
    await lab.pass(15);
    assert.deepEqual(lab.messages().slice(1), ['The container web is not healthy.']);
    assert.deepEqual(
      [600, 1_319, 1_320, 0, 419, 420].map((minute) => isQuiet(settings.quiet, minute)),
      [false, false, true, true, true, false],
    );
    assert.equal(isQuiet({ from: '13:00', to: '14:00' }, 800), true);
  });

  it('says what became of jobs, and of updates that went back, but never of what it said itself', async () => {
    const lab = await begin([]);
    lab.onEnd(done());
    lab.onEnd(done({ id: 'j2', action: 'announce', type: 'failed' }));
    await lab.pass(1);
    lab.onEnd(
      done({
        ...{ id: 'j3', type: 'failed', action: 'image_update', target: 'web' },
        title: { en: 'Update image', de: 'Image aktualisieren' },
        message: 'the new web is unhealthy; the old container runs again',
      }),
    );
    await lab.pass(1);
    assert.deepEqual(lab.messages(), [
      'A job has ended: Create virtual machine, pve1, done.',
      'The update of web has failed, and the old version runs again, and a job has ended: Update image, web, failed.',
    ]);
  });

  it('speaks of a failed run once, although it is not told of for a while, and of the next one', async () => {
    const lab = await begin([backup('t1', 'failed')]);
    for (const [run, result] of [
      ...[
        ['t1', null],
        ['t1', 'failed'],
        ['t2', 'running'],
        ['t2', 'failed'],
        ['t2', null],
      ],
      ...[
        ['t2', 'failed'],
        ['t3', 'ok'],
        ['t3', null],
        ['t2', 'failed'],
        ['t4', 'failed'],
      ],
    ] as const) {
      await lab.see(backup(run, result));
      await lab.pass(90);
    }
    assert.equal(lab.inputs.length, 2);
  });

  it('goes by the file as it is written now, and by the last one that was right', async () => {
    const health = (word: string) => thing('container', 'web', { health: word });
    const lab = await begin([health('healthy')], {});
    lab.write(async () => ({ rules: { unhealthy_container: { enabled: true } } }));
    await lab.pass(1.1);
    lab.write(() => Promise.reject(new Error('announcements.yaml: rules: must be a group of options')));
    await lab.pass(2);
    await lab.see(health('unhealthy'));
    await lab.pass(1);
    assert.deepEqual(lab.messages(), ['The container web is not healthy.']);
    assert.equal(lab.log.lines.length, 1, 'once, as long as it is the same');
  });
});
