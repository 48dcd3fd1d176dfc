import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ActionRequest, Ceiling, Door, Risk } from '../addon/src/contract/action.ts';
import type { ErrorCode } from '../addon/src/core/errors.ts';
import { LabError } from '../addon/src/core/errors.ts';
import { bench, plex, self } from './helpers/executor.ts';

const RISKS: readonly Risk[] = ['observe', 'operate', 'disrupt', 'provision', 'destroy'];

interface Asked extends Partial<ActionRequest> {
  readonly risk: Risk;
  readonly allow?: Ceiling;
}

/** What becomes of a request: undefined, it is let through. */
function refusal({ risk, allow, ...change }: Asked): LabError | undefined {
  const { submit, executor, outcomes } = bench({}, { risk, ...(allow !== undefined && { allow }) });
  try {
    submit(change);
    assert.deepEqual(outcomes, []);
    return undefined;
  } catch (thrown) {
    assert.ok(thrown instanceof LabError);
    assert.ok(thrown.hint, 'it says what to do');
    assert.deepEqual(executor.jobs({ limit: 1 }), []);
    return thrown;
  }
}

const passed = (asked: Omit<Asked, 'risk'>): readonly Risk[] =>
  RISKS.filter((risk) => refusal({ ...asked, risk }) === undefined);

const refused = (code: ErrorCode, asked: Asked, hint: RegExp): void => {
  const error = refusal(asked);
  assert.equal(error?.code, code);
  assert.match(error?.hint ?? '', hint);
};

suite('a request gets through', () => {
  test('over MQTT if it operates or disrupts', () => {
    assert.deepEqual(passed({ door: 'mqtt' }), ['operate', 'disrupt']);
    assert.deepEqual(passed({ door: 'mqtt', confirm: plex.name, administrator: true }), [
      'operate',
      'disrupt',
    ]);
    refused('door_closed', { door: 'mqtt', risk: 'provision' }, /Home Assistant/);
  });

  test('from Home Assistant if an administrator or an automation asks for what takes one', () => {
    const door = 'homeassistant';
    assert.deepEqual(passed({ door, administrator: false, confirm: plex.name }), ['observe', 'operate']);
    assert.deepEqual(passed({ door, administrator: true, confirm: plex.name }), RISKS);
    assert.deepEqual(passed({ door, confirm: plex.name }), RISKS);
    assert.deepEqual(passed({ door, administrator: true }), RISKS.slice(0, 4));
    refused('administrator_required', { door, risk: 'disrupt', administrator: false }, /administrator/);
    refused('confirm_missing', { door, risk: 'destroy' }, /"plex"/);
    refused('confirm_missing', { door, risk: 'destroy', confirm: true }, /"plex"/);
    refused('confirm_missing', { door, risk: 'destroy', confirm: 'Plex' }, /"plex"/);
    assert.deepEqual(passed({ door, ceiling: 'observe' }), ['observe'], 'no more than its token');
  });

  for (const door of ['http', 'mcp'] as const) {
    test(`over ${door} as far as the token, the option and the confirmation reach`, () => {
      const all = { door, ceiling: 'destroy', allow: 'destroy', confirm: plex.name } as const;
      assert.deepEqual(passed(all), RISKS);
      assert.deepEqual(passed({ ...all, ceiling: undefined }), ['observe'], 'nothing said, nothing given');
      for (const cap of ['ceiling', 'allow'] as const) {
        assert.deepEqual(passed({ ...all, [cap]: 'observe' }), ['observe'], cap);
        assert.deepEqual(passed({ ...all, [cap]: 'operate' }), RISKS.slice(0, 3), cap);
        assert.deepEqual(passed({ ...all, [cap]: 'provision' }), RISKS.slice(0, 4), cap);
      }
      assert.deepEqual(passed({ door, ceiling: 'destroy', confirm: plex.name }), RISKS.slice(0, 3));
      assert.deepEqual(passed({ ...all, confirm: true }), RISKS.slice(0, 4));
      assert.deepEqual(passed({ ...all, confirm: undefined }), ['observe', 'operate', 'provision']);
      assert.deepEqual(passed({ ...all, confirm: false }), ['observe', 'operate', 'provision']);
      assert.deepEqual(passed({ ...all, confirm: 'another' }), ['observe', 'operate', 'provision']);
      refused('confirm_missing', { ...all, risk: 'disrupt', confirm: false }, /true/);
      refused('ceiling_exceeded', { ...all, risk: 'destroy', ceiling: 'operate' }, /destroy/);
      refused('ceiling_exceeded', { ...all, risk: 'provision', allow: 'operate' }, /option “allow”/);
    });
  }
});

suite('a dry run', () => {
  test('says what would be done, and does nothing', async () => {
    const { executor, clock } = bench({ First: () => assert.fail(), Second: () => assert.fail() });
    const request = { action: 'work', target: plex.id, input: {}, user: 'anna' };
    const plan = await executor.plan({ ...request, door: 'http', ceiling: 'operate' });
    const { fingerprint, ...rest } = plan;
    assert.match(fingerprint, /^[0-9a-f]{32}$/);
    assert.deepEqual(rest, {
      action: 'work',
      risk: 'operate',
      target: { id: plex.id, name: 'plex', kind: 'container' },
      steps: [{ name: 'First' }, { name: 'Second' }],
      expires: new Date(clock.now() + 600_000).toISOString(),
    });
    assert.deepEqual(executor.jobs({ limit: 1 }), []);
    assert.deepEqual(executor.audit({ limit: 1 }), []);
  });

  test('is for whoever may look, and warns of what would be refused', async () => {
    const { executor } = bench({}, { risk: 'destroy' });
    const request = { action: 'work', target: plex.id, input: {}, user: 'anna' };
    const plan = async (change: Partial<ActionRequest> & { door: Door }): Promise<readonly string[]> =>
      (await executor.plan({ ...request, ...change })).warnings ?? [];
    const [warning = '', ...others] = await plan({ door: 'http', ceiling: 'observe' });
    assert.deepEqual(others, []);
    assert.match(warning, /more than.*observe.*; .*destroy/);
    assert.match((await plan({ door: 'homeassistant' }))[0] ?? '', /not confirmed/);
    assert.deepEqual(await plan({ door: 'homeassistant', confirm: 'plex' }), []);
    await assert.rejects(plan({ door: 'mqtt' }), { code: 'door_closed' });
    await assert.rejects(plan({ door: 'http', input: { times: 'x' } }), { code: 'input_invalid' });
  });
});

suite('what is refused or fails', () => {
  const who = { door: 'homeassistant', user: 'paul' } as const;

  test('is shown on the device, with what to do', async () => {
    const error = new LabError('source_refused', 'no such image', { hint: 'pull it' });
    const { outcome, outcomes } = bench({ Step: () => Promise.reject(error) });
    const { id } = await outcome(who);
    const { code, message, hint } = error;
    const told = { ...who, target: plex.id, action: 'work', code, message, hint, jobId: id };
    assert.deepEqual(outcomes, [{ ...told, type: 'failed' }]);
  });

  test('is shown as unknown where it may have happened', async () => {
    const { outcome, outcomes } = bench({
      Step: () => Promise.reject(new LabError('deadline_passed', 'late')),
    });
    await outcome();
    assert.deepEqual([outcomes.length, outcomes[0]?.type], [1, 'unknown']);
  });

  test('is shown on Labkeeper’s own device where the lab has no such target', () => {
    const { submit, outcomes } = bench();
    assert.throws(() => submit({ ...who, target: 'docker/nas/container/gone' }));
    assert.throws(() => submit({ ...who, action: 'explode' }));
    assert.deepEqual(
      outcomes.map(({ type, target, code, jobId }) => [type, target, code, jobId]),
      [
        ['refused', self.id, 'target_unknown', undefined],
        ['refused', plex.id, 'action_unknown', undefined],
      ],
    );
  });

  test('is in the log', () => {
    const { submit, log } = bench();
    assert.throws(() => submit({ action: 'explode' }));
    assert.match(log.lines[0] ?? '', /^warn refused: .*explode.*; /);
  });
});
