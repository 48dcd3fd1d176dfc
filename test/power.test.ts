import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { bench, plex } from './helpers/executor.ts';

suite('power actions', () => {
  test('ask the system behind their target', async () => {
    const asked: string[] = [];
    const note = (what: string) => async (id: string) => void asked.push(`${what} ${id}`);
    const power = { start: note('start'), stop: note('stop'), restart: note('restart') };
    const { outcome } = bench({}, { capabilities: { power } });
    for (const change of [
      { action: 'set_power', input: { power: 'on' } },
      { action: 'set_power', input: { power: 'off' } },
      { action: 'restart', input: {} },
    ]) {
      assert.equal((await outcome(change)).state, 'succeeded');
    }
    assert.deepEqual(asked, [`start ${plex.id}`, `stop ${plex.id}`, `restart ${plex.id}`]);
  });

  test('fail where that offers no power control', async () => {
    const { error } = await bench().outcome({ action: 'restart' });
    assert.equal(error?.code, 'target_unsuitable');
    assert.match(error.message, /plex/);
  });

  test('take no other word than on and off', () => {
    const { submit } = bench();
    assert.throws(() => submit({ action: 'set_power', input: { power: 'reset' } }), {
      code: 'input_invalid',
    });
    assert.throws(() => submit({ action: 'set_power', input: {} }), { code: 'input_invalid' });
  });
});
