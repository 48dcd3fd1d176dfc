import assert from 'node:assert/strict';
import { afterEach, beforeEach, suite, test } from 'node:test';
import type { Source } from '../addon/src/contract/source.ts';
import { proxmox } from '../addon/src/sources/proxmox/index.ts';
import { homeServer, startProxmoxSimulator } from '../simulators/proxmox/index.ts';
import { CONTAINER, NEW, OLD, protectedEngine, STACK, type Target } from './helpers/protection-lab.ts';
import { Disk, type Gate, startUpdates } from './helpers/update-lab.ts';
import { eventually } from './parts/process.ts';
import { proxmoxOptions } from './parts/world.ts';

const WEB = CONTAINER.id;

suite('the protection of data in an update', () => {
  let sim: ReturnType<typeof protectedEngine>;
  let disk: Disk;
  let run: Awaited<ReturnType<typeof startUpdates>>;

  beforeEach(() => {
    disk = new Disk();
  });
  afterEach(async () => {
    await run.close();
    disk.remove();
  });

  async function start({ id }: Target, gate?: Gate, options: object = {}): Promise<void> {
    run = await startUpdates(sim.engine, disk.open(), gate, options);
    await run.seen(id);
  }
  const plan = (input: object) => run.plan(WEB, input);

  for (const target of [CONTAINER, STACK]) {
    const { what, spec, id } = target;

    test(`by a copy has ${what} go back with the data that it had`, async () => {
      sim = protectedEngine(target, false);
      await start(target);
      const { state, error } = await run.update(id, { protection: 'copy' });
      assert.equal(state, 'failed');
      assert.match(error?.message ?? '', /is unhealthy; the old .*, with the data that (it|they) had$/);
      assert.deepEqual(sim.there(), [`${spec.name} running ${OLD}`]);
      assert.deepEqual([sim.data(), sim.copier.torn, sim.copier.copies.size], ['old old', [], 0]);
    });

    test(`by a copy leaves nothing of it behind where ${what} is well`, async () => {
      sim = protectedEngine(target, true);
      await start(target, undefined, { update_protection: 'copy' });
      let most_ = 0;
      const before = sim.engine.whenStarted;
      sim.engine.whenStarted = (container) => {
        before?.(container);
        most_ = Math.max(most_, sim.copier.copies.size);
      };
      const { state, error } = await run.update(id);
      assert.deepEqual([state, error], ['succeeded', undefined]);
      assert.deepEqual(sim.there(), [`${spec.name} running ${NEW}`]);
      assert.deepEqual([sim.data(), sim.copier.torn, sim.copier.copies.size, most_], ['new new', [], 0, 1]);
    });

    test(`by a copy changes nothing of ${what} where there is no room for it`, async () => {
      sim = protectedEngine(target, true);
      sim.copier.room = [3 * 1024 ** 2, 1024 ** 2];
      await start(target);
      const { error } = await run.update(id, { protection: 'copy' });
      assert.match(
        error?.message ?? '',
        /no room for a copy of the data: it takes 3\.0 GiB, and 1\.0 GiB are free; /,
      );
      assert.deepEqual(sim.there(), [`${spec.name} running ${OLD}`]);
      assert.deepEqual([sim.data(), sim.copier.copies.size], ['old old', 0]);
    });
  }

  test('by a copy says before what is copied, and what is not', async () => {
    sim = protectedEngine(CONTAINER, true);
    sim.engine.create({ name: 'plex', image: 'plex:1', mounts: [{ from: '/srv/web/films', to: '/films' }] });
    await start(CONTAINER);
    const { steps, warnings } = await plan({ protection: 'copy' });
    assert.deepEqual(steps.slice(1, 3), ['Stop and keep web', 'Copy /data (volume web_data)']);
    assert.deepEqual(warnings, [
      'not copied: /srv (/srv/web): plex writes to it, too: going back to the old image does not take back data; ' +
        'after a failure the old container is kept stopped, until somebody decides',
    ]);
    assert.match(
      (await plan({})).warnings?.at(-1) ?? '',
      /nothing protects \/data \(volume web_data\), \/srv \(\/srv\/web\)/,
    );
  });

  test('by a copy waits for somebody to decide where not all of it could be copied, and then puts it back', async () => {
    sim = protectedEngine(CONTAINER, false);
    sim.engine.create({ name: 'plex', image: 'plex:1', mounts: [{ from: '/srv/web', to: '/films' }] });
    await start(CONTAINER);
    const { error } = await run.update(WEB, { protection: 'copy' });
    assert.match(error?.message ?? '', /may have written to \/srv \(\/srv\/web\): plex writes to it, too$/);
    assert.equal(sim.data(), 'new new');
    const finding = await eventually(
      'the finding',
      () => run.findings().find(({ about }) => about === WEB),
      5_000,
    );
    assert.match(finding.remedy ?? '', /go_back: true/);
    assert.equal(finding.commands?.length, 1, 'by hand there is no way back that has the data');
    assert.deepEqual((await plan({ go_back: true })).steps, [
      'Put the copy of the data back',
      'Have the old web run again',
    ]);
    const back = await run.update(WEB, { go_back: true });
    assert.deepEqual([back.state, back.error], ['succeeded', undefined]);
    assert.ok(sim.there().includes(`web running ${OLD}`));
    assert.deepEqual([sim.data(), sim.copier.copies.size], ['old new', 0]);
    await eventually('the finding to go', () => run.findings().every(({ about }) => about !== WEB), 5_000);
  });

  test('by a copy keeps the old one stopped where it cannot be put back', async () => {
    sim = protectedEngine(CONTAINER, false);
    let helpers = 0;
    let isBroken = true;
    await start(CONTAINER, (method, path) => {
      if (method === 'POST' && path.startsWith('/containers/create')) helpers += 1;
      // The copy, the new one, the helper that puts it back.
      const isMeant = isBroken && helpers >= 3 && method === 'POST' && path === '/containers/create';
      return isMeant
        ? { status: 500, type: 'application/json', body: '{"message":"disk on fire"}' }
        : undefined;
    });
    const { error } = await run.update(WEB, { protection: 'copy' });
    assert.match(error?.message ?? '', /is unhealthy; .*disk on fire.*; the old container is kept, stopped$/);
    assert.match(sim.there().join(), /^web-labkeeper-kept-[0-9a-f]{12} exited sha256:old$/);
    isBroken = false;
    assert.equal((await run.update(WEB, { go_back: true })).state, 'succeeded');
    assert.deepEqual([sim.there(), sim.data()], [[`web running ${OLD}`], 'old old']);
  });

  test('by a copy needs an image to copy in, and stops nothing without one', async () => {
    sim = protectedEngine(CONTAINER, true);
    await start(CONTAINER, undefined, { compose_image: 'none' });
    const { id } = sim.engine.find('web');
    assert.match(
      (await run.update(WEB, { protection: 'copy' })).error?.message ?? '',
      /compose_image is none/,
    );
    assert.equal(sim.engine.find('web').id, id);
    assert.deepEqual(sim.there(), [`web running ${OLD}`]);
  });

  suite('by a snapshot of the guest', () => {
    let simulator: Awaited<ReturnType<typeof startProxmoxSimulator>>;
    const cluster = homeServer();
    const guest = (): readonly string[] =>
      (cluster.find(100).spec.snapshots ?? []).map(({ name, description }) => `${name}: ${description}`);

    beforeEach(async () => {
      simulator = await startProxmoxSimulator({ cluster });
    });
    afterEach(() => simulator.close());

    async function startOn(target: Target, gate?: Gate): Promise<void> {
      const options = { guest: 'proxmox/home/guest/100' };
      const { id, title, ...given } = proxmoxOptions(simulator) as { id: string; title: string };
      const beside = [{ source: proxmox as unknown as Source, id, title, options: given as never }];
      run = await startUpdates(sim.engine, disk.open(), gate, options, 60, beside);
      await run.seen(target.id);
      await eventually(
        'the guest',
        () => run.store.get('docker/nas/host/engine')?.parent === options.guest,
        10_000,
      );
      await run.seen(options.guest);
    }

    for (const target of [CONTAINER, STACK])
      test(`has one of ${target.what} that stands still, and says its name`, async () => {
        sim = protectedEngine(target, true);
        const before = guest().length;
        let wasStill = false;
        await startOn(target, (method, path) => {
          const isNext = method === 'POST' && (path === '/containers/create' || path.endsWith('/wait'));
          if (isNext && guest().length > before && !wasStill)
            wasStill = sim.there().every((one) => !one.includes(' running '));
          return undefined;
        });
        const job = await run.update(target.id, { protection: 'vm_snapshot' });
        assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
        assert.equal(guest().length, before + 1);
        assert.match(
          guest().at(-1) ?? '',
          /^labkeeper-[\d-]+: before the update of (web|shop) · Labkeeper \(homeassistant, x\)$/,
        );
        const { snapshot, guest: of } = job.result as Record<string, string>;
        assert.equal(guest().at(-1)?.startsWith(`${snapshot}: `), true);
        assert.equal(of, 'vm-100');
        assert.ok(wasStill);
        assert.deepEqual(sim.there(), [`${target.spec.name} running ${NEW}`]);
      });

    test('goes back to it never by itself, but says where the data are', async () => {
      sim = protectedEngine(CONTAINER, false);
      await startOn(CONTAINER);
      const { warnings } = await plan({ protection: 'vm_snapshot' });
      assert.match(
        warnings?.join('; ') ?? '',
        /only you go back to it: it takes back all of the guest; .*; the snapshot is one of all of vm-100/,
      );
      const { error } = await run.update(WEB, { protection: 'vm_snapshot' });
      assert.match(
        error?.message ?? '',
        /the old container is kept, stopped, .*; the snapshot labkeeper-[\d-]+ of vm-100 has all of it as it was$/,
      );
      assert.equal(sim.data(), 'new new');
      assert.match(
        sim.there().join(),
        /^web running sha256:new,web-labkeeper-kept-[0-9a-f]{12} exited sha256:old$/,
      );
      assert.deepEqual(
        cluster.tasks.all.filter(({ upid }) => /rollback/.test(upid)),
        [],
      );
      await eventually(
        'the finding',
        () =>
          run
            .findings()
            .find(({ about, message }) => about === WEB && /the snapshot labkeeper-/.test(message)),
        5_000,
      );
    });

    test('starts the old one again where none can be taken', async () => {
      sim = protectedEngine(CONTAINER, true);
      await startOn(CONTAINER);
      cluster.find(100).lock = 'backup';
      try {
        const { error } = await run.update(WEB, { protection: 'vm_snapshot' });
        assert.match(error?.message ?? '', /locked.*; the old container runs again$/);
        assert.deepEqual(sim.there(), [`web running ${OLD}`]);
      } finally {
        cluster.find(100).lock = undefined;
      }
    });

    test('is refused where no guest is known under the engine', async () => {
      sim = protectedEngine(CONTAINER, true);
      await start(CONTAINER);
      assert.throws(() => run.submit(WEB, { protection: 'vm_snapshot' }), {
        code: 'target_unsuitable',
        message: /no guest is known that the engine of web runs on/,
      });
      assert.deepEqual(sim.there(), [`web running ${OLD}`]);
    });
  });
});
