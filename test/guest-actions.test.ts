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

  test('keep who asked and what for with a backup, in one line', async () => {
    for (const [id, capability] of [['backup_now', 'backup']] as const) {
      const asked: unknown[] = [];
      const take = async (...given: unknown[]) => {
        asked.push(given[0], given[1]);
        return 'there';
      };
      const notes = await run(
        id,
        { about: 'Before\nthe update\u0007' },
        { [capability]: { take } },
        'http, ann',
      );
      assert.deepEqual(asked, ['proxmox/home/guest/101', 'Before the update · Labkeeper (http, ann)']);
      assert.deepEqual(Object.values((notes[0] as { result: object }).result), ['there']);
      asked.length = 0;
      await run(id, {}, { [capability]: { take } });
      assert.equal(asked[1], 'Labkeeper');
    }
  });

  test('fail where the system behind offers no such thing', async () => {
    for (const id of [
      'guest_suspend',
      'guest_hibernate',
      'guest_resume',
      'guest_force_stop',
      'guest_reset',
      'backup_now',
    ])
      await assert.rejects(run(id, {}, {}), { code: 'target_unsuitable', message: /web/ }, id);
  });

  test('that cut off are disruptive, and what ends a guest is known to', () => {
    for (const id of ['guest_force_stop', 'guest_reset']) assert.equal(one(id).risk, 'disrupt');
    for (const id of ['guest_suspend', 'guest_hibernate'])
      assert.equal(one(id).interrupts?.({} as never), true);
    for (const id of ['snapshot', 'backup_now', 'guest_resume']) assert.equal(one(id).risk, 'operate');
  });
});
