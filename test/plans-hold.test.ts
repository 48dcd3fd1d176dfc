import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import type { PowerProfile } from '../addon/src/contract/power-profile.ts';
import { ACTIONS } from '../addon/src/lab/index.ts';
import { SELF_ID } from '../addon/src/lab/self.ts';
import { threeNodeCluster } from '../simulators/proxmox/index.ts';
import { PROVISION_RIGHTS, provisionLab } from './helpers/provision-lab.ts';
import { grant } from './helpers/proxmox.ts';

const HOST = 'proxmox/home/guest/101';
const DEV = 'proxmox/home/guest/102';

/** All that acts on a guest and looks at it first; with what it is asked for here. */
const ON_GUESTS: Readonly<Record<string, { readonly target?: string; readonly input: object }>> = {
  snapshot: { input: { name: 'new' } },
  backup_now: { input: {} },
  delete_snapshot: { input: { snapshot: 'before' } },
  rollback: { input: { snapshot: 'before' } },
  prune_snapshots: { input: { keep: 0 } },
  resize_guest: { input: { cpus: 8 } },
  migrate_guest: { target: DEV, input: { node: 'pve2' } },
  clone_guest: { input: { name: 'copy' } },
  restore_backup: { input: {} },
  restore_over: { input: {} },
  delete_guest: { target: 'proxmox/home/guest/130', input: {} },
};
/** It takes mappings of cards: with them. */
const ELSEWHERE = ['attach_gpu', 'detach_gpu'];

suite('what a dry run said is carried out on nothing else', () => {
  let lab: Awaited<ReturnType<typeof provisionLab>>;
  afterEach(() => lab.end());

  async function begin(powerProfiles: readonly PowerProfile[] = []): Promise<void> {
    lab = await provisionLab(
      (given) => {
        const made = threeNodeCluster(given);
        grant(made, ...PROVISION_RIGHTS);
        made.configure(101, { snapshots: [{ name: 'before', time: 1_760_000_000 }] });
        made.configure(102, { snapshots: [] });
        made.find(130).stopped();
        return made;
      },
      { powerProfiles },
    );
    await lab.until(
      'the guests',
      () => lab.find('guest', '130')?.readings.state === 'stopped' && lab.find('guest', '102')?.readings.node,
    );
  }
  const changes = (): number => lab.simulator.faults.count(/^(POST|PUT|DELETE)/);

  for (const [action, { target = HOST, input }] of Object.entries(ON_GUESTS)) {
    test(`${action}: not on a guest that is configured otherwise by now`, async () => {
      await begin();
      const bound = { requestId: 'r1' };
      const { checks = [] } = await lab.plan(action, target, input, bound);
      assert.deepEqual(
        checks.filter(({ ok }) => !ok),
        [],
      );
      const vmid = Number(target.split('/').at(-1));
      lab.cluster.configure(vmid, { description: 'Somebody changed it.' });
      const { state, error } = await lab.over(lab.submit(action, target, input, bound));
      assert.deepEqual([state, error?.code], ['failed', 'target_changed'], error?.message);
      assert.equal(changes(), 0, 'nothing was sent');
    });
  }

  test('apply_power_profile: not on a profile that says something else by now, or on other states', async () => {
    const off = ['pulse'];
    await begin([{ id: 'night', title: 'Night', on: ['dev-test'], off }]);
    const night = { profile: 'night' };
    const apply = (requestId: string) =>
      lab.over(lab.submit('apply_power_profile', SELF_ID, night, { requestId }));
    await lab.plan('apply_power_profile', SELF_ID, night, { requestId: 'r1' });
    off.push('docker-host');
    assert.equal((await apply('r1')).error?.code, 'target_changed');
    await lab.plan('apply_power_profile', SELF_ID, night, { requestId: 'r2' });
    lab.cluster.find(102).stopped();
    await lab.until('it is seen', () => lab.find('guest', '102')?.readings.on === false);
    assert.equal((await apply('r2')).error?.code, 'target_changed');
    assert.equal(changes(), 0);
  });

  test('set_power_many: not on guests that got the tag since', async () => {
    await begin();
    const input = { power: 'off', tag: 'docker' };
    await lab.plan('set_power_many', SELF_ID, input, { requestId: 'r1' });
    lab.cluster.configure(110, { tags: ['docker'] });
    await lab.until(
      'it is seen',
      () => String(lab.find('guest', '110')?.readings.tags).includes('docker'),
      900,
    );
    const { error } = await lab.over(lab.submit('set_power_many', SELF_ID, input, { requestId: 'r1' }));
    assert.equal(error?.code, 'target_changed');
    assert.equal(changes(), 0);
  });

  test('shutdown_lab and start_lab: not on a lab of which other guests run', async () => {
    for (const action of ['shutdown_lab', 'start_lab']) {
      await begin();
      await lab.plan(action, SELF_ID, {}, { requestId: 'r1' });
      lab.cluster.configure(102, { onboot: true });
      lab.cluster.find(102).stopped();
      await lab.until(
        'it is seen',
        () => lab.find('guest', '102')?.readings.on === false && lab.find('guest', '102')?.readings.on_boot,
        900,
      );
      const { error } = await lab.over(lab.submit(action, SELF_ID, {}, { requestId: 'r1' }));
      assert.equal(error?.code, 'target_changed', action);
      assert.equal(changes(), 0);
      if (action !== 'start_lab') await lab.end();
    }
  });
});

test('these are all actions on a guest that look at it first', () => {
  const known = ACTIONS.filter(({ kinds, prepare }) => prepare !== undefined && kinds.join() === 'guest');
  assert.deepEqual(known.map(({ id }) => id).sort(), [...Object.keys(ON_GUESTS), ...ELSEWHERE].sort());
});
