import assert from 'node:assert/strict';
import { afterEach, suite, test } from 'node:test';
import { Executor } from '../addon/src/actions/executor.ts';
import type { ActionRequest } from '../addon/src/contract/action.ts';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { LabError } from '../addon/src/core/errors.ts';
import { ACTIONS } from '../addon/src/lab/index.ts';
import { MAC } from '../simulators/unifi/index.ts';
import { OWNER, type UnifiLab, unifiLab } from './helpers/unifi-lab.ts';

let lab: UnifiLab;
let executor: Executor;
const CORE = `${OWNER}/switch/${MAC.core.replaceAll(':', '')}`;

async function begin(): Promise<void> {
  lab = await unifiLab();
  await lab.known();
  await lab.until('ports', () => portVlan(6) === 1);
  executor = new Executor({
    actions: ACTIONS,
    resource: (id) => lab.store.get(id),
    capabilities: lab.engine,
    refresh: (id) => lab.engine.refresh(id),
    announce: () => {},
    redact: (text) => text,
    ...{ self: 'app', allow: 'destroy', database: memoryDatabase(), clock: lab.clock, log: lab.log },
  });
}
const portVlan = (index: number) =>
  lab.named('switch', 'Core')?.readings.ports?.find((port) => port.index === index)?.vlan;
const asked = (action: string, target: string, input: object, more: object = {}): ActionRequest => ({
  ...{ action, target, input: { ...input }, door: 'http', user: 'somebody', ceiling: 'destroy', ...more },
});
const outcome = (request: ActionRequest) => lab.during(executor.ended(executor.submit(request).id));
const code = (expected: string) => (thrown: unknown) =>
  thrown instanceof LabError && thrown.code === expected;

suite('a network that is changed by an action', () => {
  afterEach(async () => {
    await executor.close();
    await lab.close();
  });

  test('gets there by a job', async () => {
    await begin();
    const job = await outcome(asked('set_port_vlan', CORE, { item: 'port_6', vlan: 30 }));
    assert.equal(job?.state, 'succeeded', JSON.stringify(job));
    assert.equal(portVlan(6), 30);
  });

  test('is what the dry run said, or is left alone', async () => {
    await begin();
    const request = asked('set_port_vlan', CORE, { item: 'port_6', vlan: 30 }, { requestId: 'r1' });
    const plan = await executor.plan(request);
    assert.deepEqual(
      plan.steps.map(({ name }) => name),
      ['VLAN 30'],
    );
    // Somebody else was there meanwhile.
    await outcome(asked('set_port_vlan', CORE, { item: 'port_6', vlan: 20 }));
    const job = await outcome(request);
    assert.deepEqual([job?.state, job?.error?.code], ['failed', 'target_changed']);
    assert.equal(portVlan(6), 20);
  });

  test('is told before what newer controllers do not do for a new network', async () => {
    await begin();
    const plan = await executor.plan(
      asked('create_network', `${OWNER}/site/main`, { name: 'Lab 2', vlan: 70 }, { ceiling: 'observe' }),
    );
    assert.match(plan.warnings?.join() ?? '', /leave a new network out.*more than the caller may do/s);
    assert.equal(lab.simulator.written.length, 0);
  });

  test('loses no network that was not named again, nor by a switch of Home Assistant', async () => {
    await begin();
    const lost = asked('delete_network', `${OWNER}/network/vlan-only-40`, {});
    assert.throws(() => executor.submit(lost), code('confirm_missing'));
    assert.throws(() => executor.submit({ ...lost, door: 'mqtt' }), code('door_closed'));
    assert.throws(
      () => executor.submit({ ...lost, ceiling: 'provision', confirm: 'Lab' }),
      code('ceiling_exceeded'),
    );
    assert.equal((await outcome({ ...lost, confirm: 'Lab' }))?.state, 'succeeded');
    assert.equal(lab.named('network', 'Lab'), undefined);
  });
});
