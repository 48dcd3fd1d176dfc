import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { LabError } from '../addon/src/core/errors.ts';
import { checklistOf } from '../addon/src/http/checklist.ts';
import type { SystemCondition, SystemsView } from '../addon/src/http/parts.ts';
import { withServer } from './helpers/http.ts';
import { aFinding } from './helpers/samples.ts';

const traffic = { callsPerMinute: 4, p95: 12, errors: 0, lastError: null };

const aCondition = (change: Partial<SystemCondition> = {}): SystemCondition => ({
  ...{ owner: 'docker/nas', title: 'NAS', reachable: true, state: 'reachable', trouble: undefined },
  ...{ unread: [], failing: [], traffic },
  ...change,
});

const lost = (error: LabError): SystemCondition =>
  aCondition({ reachable: false, state: 'lost', trouble: error });

const statesOf = (condition: SystemCondition, findings = [] as Parameters<typeof checklistOf>[1]) =>
  checklistOf(condition, findings).map(({ state }) => state);

const viewOf = (
  conditions: readonly SystemCondition[],
  ask: SystemsView['ask'] = async () => ({ error: undefined }),
): SystemsView => ({
  ...{ conditions: () => conditions, ask },
  broker: () => ({ where: 'core-mosquitto:1883', connected: true, trouble: undefined }),
});

suite('the checklist of a system', () => {
  test('is all done where it was read and withholds nothing', () => {
    assert.deepEqual(statesOf(aCondition()), ['ok', 'ok', 'ok', 'ok']);
    assert.deepEqual(
      statesOf(aCondition(), [aFinding({ severity: 'info' })]),
      ['ok', 'ok', 'ok', 'ok'],
      'what is only good to know is nothing to do',
    );
  });

  test('says where it stops, and what to do, and nothing of what comes after', () => {
    const refused = new LabError('credentials_refused', 'NAS: login refused', { hint: 'check the token' });
    assert.deepEqual(checklistOf(lost(refused), []), [
      { stage: 'reached', state: 'ok' },
      {
        ...{ stage: 'logged_in', state: 'failed' },
        trouble: [{ message: 'NAS: login refused', hint: 'check the token' }],
      },
      { stage: 'read', state: 'open' },
      { stage: 'complete', state: 'open' },
    ]);
    assert.deepEqual(statesOf(lost(new LabError('unreachable', 'no answer'))), [
      ...['failed', 'open', 'open', 'open'],
    ]);
    assert.deepEqual(statesOf(lost(new LabError('source_failed', 'no sense'))), [
      ...['ok', 'ok', 'failed', 'open'],
    ]);
  });

  test('is open while nobody knows', () => {
    const starting = aCondition({ reachable: false, state: 'starting' });
    assert.deepEqual(statesOf(starting), ['open', 'open', 'open', 'open']);
    assert.deepEqual(statesOf(aCondition({ unread: ['disks'] })), ['ok', 'ok', 'open', 'open']);
  });

  test('names what cannot be read, and has the lines that mend what is withheld', () => {
    const finding = aFinding({
      title: 'Half',
      message: 'It is.',
      remedy: 'Run this.',
      commands: ['pveum a'],
    });
    const [, , read, complete] = checklistOf(aCondition({ failing: ['disks', 'tasks'] }), [finding]);
    assert.deepEqual(read?.trouble, [{ message: 'could not be read: disks, tasks' }]);
    assert.deepEqual(complete?.trouble, [
      { message: 'Half. It is.', hint: 'Run this.', commands: ['pveum a'] },
    ]);
  });
});

suite('systems over HTTP', () => {
  test('have their checklist with what was found of each, and the broker', async () => {
    const other = aCondition({ owner: 'proxmox/home', title: 'Home' });
    const more = { connections: viewOf([aCondition(), other]), findings: [aFinding()] };
    await withServer(more, async ({ get }) => {
      const { json } = await get('/api/systems');
      assert.deepEqual(json.broker, { where: 'core-mosquitto:1883', connected: true, trouble: null });
      assert.deepEqual(
        json.systems.map(({ owner, checks }: { owner: string; checks: { state: string }[] }) => [
          owner,
          checks.at(-1)?.state,
        ]),
        [
          ['docker/nas', 'failed'],
          ['proxmox/home', 'ok'],
        ],
      );
    });
  });

  test('are asked by who may do more than look, and say why not', async () => {
    const asked: string[] = [];
    const ask: SystemsView['ask'] = async (owner) => {
      asked.push(owner);
      if (owner === 'scpi/meter') return undefined;
      return { error: new LabError('unreachable', 'no answer', { hint: 'look at the cable' }) };
    };
    const conditions = [aCondition(), aCondition({ owner: 'scpi/meter' })];
    await withServer({ connections: viewOf(conditions, ask) }, async ({ ask: send, token, tokenFor }) => {
      const post = (owner: string, by: string) =>
        send('/api/systems/ask', { method: 'POST', body: { owner }, token: by });
      assert.deepEqual((await post('docker/nas', token('http'))).json, {
        answers: false,
        error: { code: 'unreachable', message: 'no answer', hint: 'look at the cable' },
      });
      assert.deepEqual((await post('scpi/meter', token('http'))).json, { answers: null, error: null });
      const unknown = await post('docker/other', token('http'));
      assert.deepEqual([unknown.status, unknown.json.code], [404, 'target_unknown']);
      const looker = await post('docker/nas', tokenFor('looker', 'http', 'observe'));
      assert.deepEqual([looker.status, looker.json.code], [403, 'ceiling_exceeded']);
      assert.deepEqual(asked, ['docker/nas', 'scpi/meter']);
    });
  });
});
