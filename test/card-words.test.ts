import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KINDS } from '../addon/src/kinds/index.ts';
import { ACTIONS } from '../addon/src/lab/index.ts';
import { DEEDS, deedsFor } from '../frontend-card/src/lab/actions.ts';
import { agoText, quantityText, type Writing } from '../frontend-card/src/lab/format.ts';
import { healthOf } from '../frontend-card/src/lab/health.ts';
import type { Reading, Thing, Value } from '../frontend-card/src/lab/thing.ts';
import { unitOf } from '../frontend-card/src/lab/units.ts';
import { TEXTS, Words } from '../frontend-card/src/lab/words/words.ts';

const EN: Writing = { language: 'en', now: Date.parse('2026-11-30T12:00:00Z') };

const readingsOf = (values: Readonly<Record<string, Value>>): Readonly<Record<string, Reading>> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { key, value }]));

const thing = (kind: string, values: Readonly<Record<string, Value>>, rest: Partial<Thing> = {}): Thing => {
  const readings = readingsOf(values);
  const { health, because } = healthOf({ available: true, readings });
  return { id: 'it', kind, name: 'it', readings, links: [], health, because, ...rest };
};

describe('The words of the cards', () => {
  it('are there in both languages, with the same that is put in', () => {
    for (const [key, [en, de]] of Object.entries(TEXTS)) {
      assert.ok(en.length > 0 && de.length > 0, key);
      const put = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
      assert.deepEqual(put(de), put(en), key);
    }
  });

  it('name every kind, and every value of every state that is one of several', () => {
    for (const { kind, rows, items = [] } of Object.values(KINDS) as readonly KindRows[]) {
      assert.ok(Object.hasOwn(TEXTS, `kind_${kind}`), kind);
      for (const row of [...rows, ...items.flatMap((one) => one.rows)]) {
        for (const option of row.options ?? [])
          assert.ok(Object.hasOwn(TEXTS, `state_${option}`), `${kind}: ${row.key}: ${option}`);
      }
    }
  });

  it('write numbers, amounts and times as the person does', () => {
    const german = { ...EN, language: 'de' };
    assert.equal(quantityText(1.25, 'GiB', german), '1,3 GiB');
    assert.equal(quantityText(2_048, 'GiB', EN), '2 TiB');
    assert.equal(quantityText(512, 'MiB', EN), '512 MiB');
    assert.equal(quantityText(0.5, 'MiB/s', EN), '512 KiB/s');
    assert.equal(quantityText(71.4, '%', EN), '71\u202f%');
    assert.equal(agoText('2026-11-30T04:00:00Z', EN), '8 hours ago');
    assert.equal(agoText('2026-11-29T12:00:00Z', german), 'gestern');
    assert.equal(agoText('not a time', EN), undefined);
    assert.equal(quantityText(1, 'GiB', { ...EN, language: 'no such language!' }), '1 GiB');
  });

  it('say what is unknown, and leave names of the lab as they are', () => {
    const words = new Words(EN);
    assert.equal(words.value({ key: 'cpu', value: null, unit: '%' }), 'unknown');
    assert.equal(words.say('type_name', { name: '{name} <b>' }), 'Type “{name} <b>” to confirm');
    assert.equal(words.state('never_heard_of'), 'never heard of');
  });
});

describe('How things are', () => {
  it('is told by what their readings mean, whatever the kind', () => {
    const cases: readonly (readonly [string, Readonly<Record<string, Value>>, string, string?])[] = [
      ['guest', { state: 'running', unprotected: false }, 'ok'],
      ['guest', { state: 'running', unprotected: true }, 'warning', 'unprotected'],
      ['guest', { state: 'stopped' }, 'off'],
      ['container', { state: 'running', health: 'unhealthy' }, 'problem', 'health'],
      ['container', { state: 'restarting' }, 'problem', 'state'],
      ['pool', { health: 'degraded', problem: true }, 'problem', 'problem'],
      ['storage', { usage: 93, problem: false }, 'warning', 'almost_full'],
      ['switch', { connected: false }, 'problem', 'disconnected'],
      ['host', { connection: false }, 'away', 'unreachable'],
      ['monitor', { critical: 0, warning: 2, problem: false }, 'warning', 'warning_alerts'],
      ['disk', { temperature: 30 }, 'unknown'],
    ];
    for (const [kind, values, health, reason] of cases) {
      const it = thing(kind, values);
      assert.equal(it.health, health, `${kind} ${JSON.stringify(values)}`);
      assert.equal(it.because[0]?.key, reason);
    }
    const { health } = healthOf({ available: false, readings: readingsOf({ state: 'running' }) });
    assert.equal(health, 'away', 'what it was is no news');
  });
});

describe('What can be done', () => {
  const everything = { administrator: true, has: () => true };

  it('is what the app has, for kinds that it is for and at the risk that it has', () => {
    const actions = new Map(ACTIONS.map((action) => [action.id, action]));
    for (const { action: id, kinds, risk, key } of DEEDS) {
      const action = actions.get(id);
      assert.ok(action !== undefined, `${key}: there is no action ${id}`);
      for (const kind of kinds) assert.ok(action.kinds.includes(kind as never), `${id} for ${kind}`);
      assert.equal(risk, action.risk, id);
      for (const word of [`deed_${key}`, `means_${key}`]) assert.ok(Object.hasOwn(TEXTS, word), word);
    }
  });

  it('is done to entities that there are', () => {
    for (const { control, kinds, key } of DEEDS) {
      if (control === undefined) continue;
      for (const kind of kinds) {
        const { rows } = (KINDS as unknown as Record<string, KindRows>)[kind] as KindRows;
        assert.ok(
          rows.some((row) => row.key === control[0]),
          `${key}: ${kind} has no row ${control[0]}`,
        );
      }
    }
  });

  it('depends on how the thing is, and on who looks', () => {
    const keys = (of: Thing, may = everything): readonly string[] => deedsFor(of, may).map(({ key }) => key);
    const running = thing('guest', { state: 'running', power: true });
    assert.ok(keys(running).includes('stop') && !keys(running).includes('start'));
    assert.ok(!keys(running).includes('delete_guest'), 'while it runs');
    const stopped = thing('guest', { state: 'stopped', power: false });
    assert.ok(keys(stopped).includes('start') && keys(stopped).includes('delete_guest'));
    const user = { administrator: false, has: () => true };
    assert.deepEqual(keys(running, user), ['stop', 'restart', 'snapshot', 'backup']);
    assert.deepEqual(keys(running, { administrator: true, has: () => false }), [], 'without the integration');
    const withSwitch = {
      ...running,
      readings: { ...running.readings, power: { key: 'power', value: true, entity: 'switch.it' } },
    };
    assert.deepEqual(keys(withSwitch, { administrator: true, has: () => false }), ['stop']);
    assert.deepEqual(keys({ ...running, health: 'away' }), []);
  });
});

describe('Units that the app does not say along', () => {
  it('are those of the entities', () => {
    for (const { kind, rows } of Object.values(KINDS) as readonly KindRows[]) {
      for (const { key, unit } of rows) {
        if (unit === undefined || unitOf(kind, key) === undefined) continue;
        assert.equal(unitOf(kind, key), unit, `${kind}.${key}`);
      }
    }
  });
});

interface KindRows {
  readonly kind: string;
  readonly rows: readonly {
    readonly key: string;
    readonly unit?: string;
    readonly options?: readonly string[];
  }[];
  readonly items?: readonly { readonly rows: KindRows['rows'] }[];
}
