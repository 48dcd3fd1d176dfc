import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import Type from 'typebox';
import { AUDIT_KEPT, Audit, type AuditEntry } from '../addon/src/actions/audit.ts';
import { inputForRecord } from '../addon/src/actions/redact.ts';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { bench, plex, self } from './helpers/executor.ts';

const entry = (change: Partial<AuditEntry> = {}): Omit<AuditEntry, 'input'> => ({
  time: '2026-01-01T00:00:00.000Z',
  door: 'http',
  user: 'anna',
  administrator: null,
  token: 'http',
  action: 'restart',
  target: plex.id,
  risk: 'operate',
  decision: 'accepted',
  code: null,
  message: null,
  job: 'j1',
  request_id: null,
  ...change,
});

suite('audit', () => {
  test('has every request with who asked, what for, and what was decided', async () => {
    const { executor, submit, outcome } = bench({ Step: async () => {} });
    const { id } = await outcome({
      door: 'homeassistant',
      user: 'paul',
      administrator: true,
      requestId: 'r1',
    });
    submit({ requestId: 'r1' });
    assert.throws(() => submit({ door: 'http', user: 'grafana', ceiling: 'observe', tokenName: 'grafana' }));
    assert.throws(() => submit({ action: 'explode', target: undefined }));
    const [unknown, refused, accepted, ...others] = executor.audit({ limit: 10 });
    assert.deepEqual(others, [], 'what was asked for again changes nothing');
    const time = '2026-01-01T00:00:00.000Z';
    const same = { time, action: 'work', target: plex.id, input: {}, risk: 'operate' };
    assert.deepEqual(accepted, {
      ...{ ...same, seq: 1, door: 'homeassistant', user: 'paul', administrator: true, token: null },
      ...{ decision: 'accepted', code: null, message: null, job: id, request_id: 'r1' },
    });
    const { message, ...rest } = refused as AuditEntry;
    assert.match(message ?? '', /more than the token “grafana”/);
    assert.deepEqual(rest, {
      ...{ ...same, seq: 2, door: 'http', user: 'grafana', administrator: null, token: 'grafana' },
      ...{ decision: 'refused', code: 'ceiling_exceeded', job: null, request_id: null },
    });
    assert.deepEqual([unknown?.risk, unknown?.target, unknown?.code], [null, self.id, 'action_unknown']);
    assert.deepEqual(
      executor.audit({ limit: 1, before: 3 }).map(({ code }) => code),
      ['ceiling_exceeded'],
    );
  });

  test('is written before anything is sent', async () => {
    const seen: unknown[] = [];
    const { outcome, database } = bench({
      Step: async () => {
        seen.push(database.prepare('SELECT decision FROM audit').get()?.decision);
        seen.push(database.prepare('SELECT step, state FROM jobs').get());
      },
    });
    await outcome();
    assert.deepEqual(
      seen.map((row) => (typeof row === 'object' ? { ...row } : row)),
      ['accepted', { step: 'Step', state: 'running' }],
    );
  });

  test('holds no secret, neither does the job', async () => {
    const { outcome, submit, database } = bench({ Step: async () => {} }, { secrets: ['known-secret'] });
    await outcome({ input: { password: 'hunter22', times: 1 } });
    assert.throws(() => submit({ input: { passwort: 'hunter22', times: 'known-secret' } }));
    assert.throws(() => submit({ action: 'explode', input: { password: 'hunter22' } }));
    const rows = JSON.stringify([...database.prepare('SELECT * FROM audit, jobs').all()]);
    assert.doesNotMatch(rows, /hunter22|known-secret/);
    assert.match(rows, /passwort/, 'but what was given');
  });

  test('cannot be changed, replaced or deleted', () => {
    const database = memoryDatabase();
    const audit = new Audit(database);
    audit.add(entry(), '{}');
    for (const sql of [
      `UPDATE audit SET user = 'nobody'`,
      'DELETE FROM audit',
      'INSERT OR REPLACE INTO audit SELECT * FROM audit',
      'REPLACE INTO audit SELECT * FROM audit',
    ]) {
      assert.throws(() => database.exec(sql), /append-only/, sql);
    }
    assert.equal(audit.list({ limit: 10 }).length, 1);
  });

  test('is kept for a year', () => {
    const audit = new Audit(memoryDatabase());
    const at = (time: number): string => new Date(time).toISOString();
    const start = Date.UTC(2026, 0, 1);
    const end = start + (AUDIT_KEPT.days + 1) * 86_400_000;
    audit.add(entry({ time: at(start), user: 'first' }), '{}');
    audit.prune(end);
    assert.equal(audit.list({ limit: 10 }).length, 1, 'a clock that jumped empties nothing');
    audit.add(entry({ time: at(start + 2 * 86_400_000), user: 'second' }), '{}');
    audit.add(entry({ time: at(end), user: 'third' }), '{}');
    audit.prune(end + 3_600_000);
    assert.deepEqual(
      audit.list({ limit: 10 }).map(({ user }) => user),
      ['third', 'second'],
    );
  });

  test('has a bounded length', () => {
    const database = memoryDatabase();
    const audit = new Audit(database);
    audit.add(entry(), '{}');
    const columns = 'time, door, user, action, target, input, decision';
    database.exec(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${AUDIT_KEPT.most + 9})
       INSERT INTO audit (${columns}) SELECT ${columns} FROM audit, n`,
    );
    audit.prune(Date.UTC(2026, 0, 1));
    assert.equal(Number(database.prepare('SELECT count(*) AS n FROM audit').get()?.n), AUDIT_KEPT.most);
    assert.equal(audit.list({ limit: 1 })[0]?.seq, AUDIT_KEPT.most + 10, 'the newest are kept');
  });
});

suite('an input that is written down', () => {
  const schema = Type.Object({
    name: Type.String(),
    key: Type.Optional(Type.String({ secret: true })),
    login: Type.Object({ user: Type.String(), password: Type.String({ secret: true }) }),
    list: Type.Array(Type.Object({ token: Type.String({ secret: true }), n: Type.Integer() })),
    either: Type.Union([Type.String({ secret: true }), Type.Null()]),
    labels: Type.Record(Type.String(), Type.String()),
  });
  const recorded = (input: unknown): unknown => JSON.parse(inputForRecord(schema, input, String));

  test('lacks what its schema calls a secret, wherever it is', () => {
    assert.deepEqual(
      recorded({
        name: 'web',
        key: 's1',
        login: { user: 'u', password: 's2' },
        list: [{ token: 's3', n: 1 }],
        either: 's4',
      }),
      {
        name: 'web',
        key: '***',
        login: { user: 'u', password: '***' },
        list: [{ token: '***', n: 1 }],
        either: '***',
      },
    );
  });

  test('lacks what the schema does not know or that is not what it says', () => {
    assert.deepEqual(recorded({ nmae: 's', login: 's', name: { a: 's' }, list: 's', toString: 's' }), {
      nmae: '***',
      login: '***',
      name: { a: '***' },
      list: '***',
      toString: '***',
    });
    assert.deepEqual(JSON.parse(inputForRecord(undefined, { a: 's', b: ['s'] }, String)), {
      a: '***',
      b: '***',
    });
    assert.equal(inputForRecord(undefined, 's', String), '"***"');
  });

  test('is left out where it is too long', () => {
    assert.equal(inputForRecord(schema, { name: 'x'.repeat(5_000) }, String), 'null');
  });
});
