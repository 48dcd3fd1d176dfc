import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ActionRequest, Risk } from '../addon/src/contract/action.ts';
import type { Capabilities } from '../addon/src/contract/capabilities.ts';
import { LabError } from '../addon/src/core/errors.ts';
import type { LabResourceOf } from '../addon/src/kinds/index.ts';
import { ACTIONS } from '../addon/src/lab/index.ts';
import { bench } from './helpers/executor.ts';

const SERVER: LabResourceOf<'server'> = {
  ...{ id: 'redfish/r640/server/system', kind: 'server', name: 'R640', available: true, facts: {} },
  readings: { on: true, health: 'ok', problem: false, failing: 'none' },
};

function lab(offers = true) {
  const done: string[] = [];
  const noting =
    (what: string) =>
    async (id: string): Promise<void> =>
      void done.push(`${what} ${id}`);
  const server: Capabilities['server'] = {
    switchOn: noting('on'),
    shutDown: noting('shut down'),
    forceOff: noting('force off'),
    identify: async (id, light) => void done.push(`light ${light} ${id}`),
  };
  const parts = bench({}, { allow: 'destroy', ...(offers && { capabilities: { server } }) });
  parts.resources.set(SERVER.id, SERVER);
  const ask = (change: Partial<ActionRequest>) => parts.outcome({ target: SERVER.id, ...change });
  return { ...parts, done, ask };
}
const code = (expected: string) => (thrown: unknown) =>
  thrown instanceof LabError && thrown.code === expected;

suite('what can be done to a server', () => {
  test('is as dangerous as it is', () => {
    const risks: Record<string, Risk> = {
      server_on: 'operate',
      identify_light: 'operate',
      server_shutdown: 'disrupt',
      server_force_off: 'destroy',
    };
    for (const [id, risk] of Object.entries(risks)) {
      assert.equal(ACTIONS.find((action) => action.id === id)?.risk, risk, id);
    }
  });

  test('is done by its management controller', async () => {
    const { ask, done } = lab();
    assert.equal((await ask({ action: 'server_on' })).state, 'succeeded');
    assert.equal((await ask({ action: 'server_shutdown' })).state, 'succeeded');
    await ask({ action: 'identify_light', input: { light: 'on' } });
    await ask({ action: 'identify_light', input: { light: 'off' } });
    assert.deepEqual(done, [
      `on ${SERVER.id}`,
      `shut down ${SERVER.id}`,
      `light true ${SERVER.id}`,
      `light false ${SERVER.id}`,
    ]);
  });

  test('is never forced over MQTT, and elsewhere only with its name repeated', async () => {
    const { ask, done } = lab();
    const force = { action: 'server_force_off' } as const;
    await assert.rejects(ask({ ...force, confirm: 'R640' }), code('door_closed'));
    const home = { ...force, door: 'homeassistant', administrator: true } as const;
    await assert.rejects(ask({ ...home, confirm: true }), code('confirm_missing'));
    await assert.rejects(
      ask({ ...home, administrator: false, confirm: 'R640' }),
      code('administrator_required'),
    );
    await assert.rejects(
      ask({ ...force, door: 'http', ceiling: 'provision', confirm: 'R640' }),
      code('ceiling_exceeded'),
    );
    assert.deepEqual(done, []);
    assert.equal((await ask({ ...home, confirm: 'R640' })).state, 'succeeded');
    assert.deepEqual(done, [`force off ${SERVER.id}`]);
  });

  test('is refused where nobody looks after it', async () => {
    const job = await lab(false).ask({ action: 'server_on' });
    assert.equal(job.state, 'failed');
    assert.equal(job.error?.code, 'target_unsuitable');
  });
});
