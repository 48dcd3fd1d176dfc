import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { TSchema } from 'typebox';
import Value from 'typebox/value';
import { KINDS, type Kind, rowsOf } from '../addon/src/kinds/index.ts';
import type { Command, Row } from '../addon/src/kinds/rows.ts';
import { ACTIONS } from '../addon/src/lab/index.ts';

/** Units that Home Assistant takes with a device class, as far as we use it. */
const UNITS: Record<string, readonly string[]> = {
  data_size: ['MiB', 'GiB'],
  data_rate: ['MiB/s', 'Mbit/s'],
  power: ['W'],
  energy: ['kWh'],
  temperature: ['°C'],
  frequency: ['MHz'],
  duration: ['ms', 's', 'min', 'h', 'd'],
  signal_strength: ['dBm'],
};
/** Device classes whose values are no numbers. */
const WITHOUT_UNIT = ['enum', 'timestamp', 'uptime'];

type AnyRow = Row<Record<string, unknown>>;

const commandsOf = (row: AnyRow): readonly Command[] =>
  'commands' in row ? Object.values(row.commands) : [];

/** Entities that one of a kind may have with everything it can have, by the level `standard`. */
const BUDGETS: Partial<Record<Kind, number>> = {
  container: 10,
  guest: 12,
  node: 25,
  stack: 8,
  host: 10,
  gpu: 13,
  switch: 8,
};

for (const kind of Object.keys(KINDS) as Kind[]) {
  const rows = rowsOf(kind);
  const properties = KINDS[kind].readings.properties as Record<string, TSchema>;
  const takes = (reading: string, value: unknown): boolean =>
    Value.Check(properties[reading] as TSchema, value);
  const sensors = rows.filter((row) => row.platform === 'sensor');

  suite(`rows of a ${kind}`, () => {
    test('are under the name of the kind, which has a title', () => {
      assert.equal(KINDS[kind].kind, kind);
      assert.ok(KINDS[kind].title.en !== '' && KINDS[kind].title.de !== '');
    });

    test('stay within the budget', () => {
      const shown = rows.filter(({ level }) => level !== 'all').map(({ key }) => key);
      assert.ok(shown.length <= (BUDGETS[kind] ?? 25), `${shown.length}: ${shown.join(', ')}`);
    });

    test('are damped where they are fast amounts', () => {
      for (const row of sensors) {
        if (row.topic !== 'metrics' || row.stateClass !== 'measurement') continue;
        const { least = 0, share = 0 } = row.damping ?? {};
        assert.ok(least > 0 || share > 0, `${row.key} tells every flicker`);
        assert.ok(share < 1, row.key);
      }
    });

    test('have keys of their own that fit into topics', () => {
      const keys = rows.map(({ key }) => key);
      assert.deepEqual([...new Set(keys)], keys);
      for (const key of keys) assert.match(key, /^[a-z][a-z0-9_]*$/);
    });

    test('are named in every language, no two alike', () => {
      for (const language of ['en', 'de'] as const) {
        const names = rows.map(({ name }) => (name === null ? null : name[language]));
        assert.deepEqual([...new Set(names)], names, language);
        for (const name of names) assert.notEqual(name?.trim(), '', language);
      }
    });

    test('show readings of the right type', () => {
      for (const row of rows) {
        if (!('reading' in row)) continue;
        assert.ok(properties[row.reading], `${row.key}: the kind has no reading ${row.reading}`);
        const isBoolean = takes(row.reading, true);
        const wanted = !['sensor', 'update', 'image', 'select'].includes(row.platform);
        assert.equal(isBoolean, wanted, `${row.key}: a ${row.platform} of the wrong type`);
        for (const other of 'latest' in row ? [row.latest, row.summary ?? row.latest] : [])
          assert.ok(takes(other, 'text'), `${row.key}: ${other} is no text`);
      }
    });

    test('have a unit where their device class needs one', () => {
      for (const { key, deviceClass, unit } of sensors) {
        if (deviceClass === undefined) continue;
        if (WITHOUT_UNIT.includes(deviceClass)) assert.equal(unit, undefined, key);
        else assert.ok(UNITS[deviceClass]?.includes(unit ?? ''), `${key}: ${deviceClass} in ${unit}`);
      }
    });

    test('have statistics of numbers only', () => {
      for (const { key, reading, stateClass, unit } of sensors) {
        if (stateClass === undefined && unit === undefined) continue;
        assert.ok(takes(reading, 1), `${key} is no number`);
      }
    });

    test('round what has a fraction', () => {
      for (const { key, reading, decimals } of sensors) {
        if (takes(reading, 0.5)) assert.notEqual(decimals, undefined, key);
      }
    });

    test('of an enum list exactly what its reading can be', () => {
      for (const { key, reading, deviceClass, stateClass, options } of sensors) {
        assert.equal(deviceClass === 'enum', options !== undefined, key);
        if (options === undefined) continue;
        assert.equal(stateClass, undefined, key);
        for (const option of options) assert.ok(takes(reading, option), `${key} can never be ${option}`);
        const words = JSON.stringify(properties[reading]).match(/"enum":(\[[^\]]*\])/)?.[1] ?? '[]';
        assert.deepEqual([...options].sort(), (JSON.parse(words) as string[]).sort(), key);
      }
    });

    test('ask for actions that exist, are meant for it and take what they say', () => {
      for (const row of rows) {
        for (const { action: id, input } of commandsOf(row)) {
          const action = ACTIONS.find((candidate) => candidate.id === id);
          assert.ok(action, `${row.key}: no action ${id}`);
          assert.ok(action.kinds.includes(kind), `${row.key}: ${id} is not for a ${kind}`);
          assert.deepEqual([...Value.Errors(action.input, input)], [], `${row.key}: ${id}`);
        }
      }
    });

    test('that are controls are kept out of voice and areas, and disabled where they disrupt', () => {
      for (const row of rows) {
        for (const { action: id } of commandsOf(row)) {
          const risk = ACTIONS.find((action) => action.id === id)?.risk ?? '';
          // Only an update's install may provision over MQTT.
          const risks = row.platform === 'update' ? ['provision'] : ['operate', 'disrupt'];
          assert.ok(risks.includes(risk), `${row.key}: ${risk} is nothing for MQTT`);
          assert.equal(row.enabled, risk === 'disrupt' ? false : undefined, row.key);
          assert.equal(row.category, 'config', row.key);
        }
      }
    });
  });
}
