import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ACTIONS } from '../addon/src/lab/index.ts';

suite('actions on guests', () => {
  const one = (id: string) => {
    const action = ACTIONS.find((candidate) => candidate.id === id);
    assert.ok(action, id);
    return action;
  };

  /** Runs the only step of an action. */
  async function run(id: string, input: object, capabilities: Record<string, object>, by?: string) {
    const notes: object[] = [];
    const context = {
      ...{ target: { id: 'proxmox/home/guest/101', kind: 'guest', name: 'web', readings: {} }, input, by },
      ...{ signal: new AbortController().signal, note: (note: object) => void notes.push(note) },
      capabilities: { for: (_: string, capability: string) => capabilities[capability] },
    };
    const [step] = one(id).plan(context as never);
    await step?.run(context as never);
    return notes;
  }

  test('fail where the system behind offers no such thing', async () => {
    for (const id of ['guest_suspend', 'guest_hibernate', 'guest_resume', 'guest_force_stop', 'guest_reset'])
      await assert.rejects(run(id, {}, {}), { code: 'target_unsuitable', message: /web/ }, id);
  });

  test('that cut off are disruptive, and what ends a guest is known to', () => {
    for (const id of ['guest_force_stop', 'guest_reset']) assert.equal(one(id).risk, 'disrupt');
    for (const id of ['guest_suspend', 'guest_hibernate'])
      assert.equal(one(id).interrupts?.({} as never), true);
    for (const id of ['snapshot', 'backup_now', 'guest_resume']) assert.equal(one(id).risk, 'operate');
  });
});
