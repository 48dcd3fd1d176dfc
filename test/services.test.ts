import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { suite, test } from 'node:test';
import Type from 'typebox';
import { type Action, defineAction } from '../addon/src/contract/action.ts';
import { ENVELOPE } from '../addon/src/homeassistant/envelope.ts';
import type { ServiceField } from '../addon/src/homeassistant/fields.ts';
import type { FieldSchema } from '../addon/src/homeassistant/selectors.ts';
import { selectorOf } from '../addon/src/homeassistant/selectors.ts';
import { digestOf, serviceCatalogue } from '../addon/src/homeassistant/services.ts';
import { ACTIONS } from '../addon/src/lab/index.ts';

const fieldsOf = ({ input }: Action): readonly (readonly [string, FieldSchema])[] =>
  Object.entries(input.properties as Readonly<Record<string, FieldSchema>>);

suite('every action', () => {
  test('has a title and a description in English and German', () => {
    for (const { id, title, description, de } of ACTIONS) {
      assert.match(id, /^[a-z][a-z0-9_]{2,40}$/);
      for (const text of [title, de?.title]) assert.match(text ?? '', /^\S.{1,40}\S$/, id);
      for (const text of [description, de?.description]) assert.match(text ?? '', /^\S.{15,600}[.…]$/s, id);
      assert.notEqual(description, de?.description, id);
    }
  });

  test('has a title and a description of each of its fields in English and German', () => {
    for (const action of ACTIONS) {
      for (const [key, { title, description, de }] of fieldsOf(action)) {
        const at = `${action.id} ${key}`;
        for (const text of [title, de?.title]) assert.match(text ?? '', /^\S(.{0,40}\S)?$/, at);
        for (const text of [description, de?.description]) {
          assert.match(text ?? '', /^\S.{3,600}[.…]$/s, at);
        }
        assert.notEqual(description, de?.description, at);
      }
    }
  });

  test('has no field that goes with every action, nor one that Home Assistant takes for a target', () => {
    const taken = [...ENVELOPE.map(({ key }) => key), 'entity_id', 'area_id', 'floor_id', 'label_id'];
    for (const action of ACTIONS) {
      for (const [key] of fieldsOf(action)) assert.ok(!taken.includes(key), `${action.id} ${key}`);
    }
  });
});

const DEVICES = { device: { multiple: true, filter: [{ integration: 'mqtt' }] } };

suite('an action in Home Assistant', () => {
  const made = defineAction({
    id: 'brew',
    title: 'Brew',
    description: 'Makes coffee.',
    de: { title: 'Brühen', description: 'Macht Kaffee.' },
    risk: 'destroy',
    kinds: ['guest'],
    input: Type.Object({
      cups: Type.Integer({
        ...{ minimum: 1, maximum: 9, title: 'Cups', description: 'How many.', examples: [2] },
        de: { title: 'Tassen', description: 'Wie viele.' },
      }),
      milk: Type.Optional(
        Type.Boolean({
          default: false,
          title: 'Milk',
          description: 'With milk.',
          de: { title: 'Milch', description: 'Mit Milch.' },
        }),
      ),
    }),
    plan: () => [],
  }) as unknown as Action;
  const { services } = serviceCatalogue([made], '1.2.3');
  const service = services.brew;
  assert.ok(service !== undefined);

  test('asks for its target by device, for its input, for what confirms it, and the rest out of sight', () => {
    const { advanced, ...fields } = service.fields;
    assert.deepEqual(fields, {
      device_id: { required: true, selector: DEVICES },
      cups: { required: true, example: 2, selector: { number: { min: 1, max: 9, step: 1, mode: 'box' } } },
      milk: { selector: { boolean: {} } },
      confirm: { selector: { text: {} } },
    });
    assert.ok(advanced !== undefined && 'fields' in advanced);
    assert.deepEqual(Object.keys(advanced.fields), ['dry_run', 'wait', 'request_id', 'config_entry_id']);
  });

  test('says what each field is for in both languages, and what it is when left out', () => {
    const { en, de } = service.texts;
    assert.deepEqual([en.name, de.name], ['Brew', 'Brühen']);
    assert.deepEqual(en.fields.milk, { name: 'Milk', description: 'With milk. Left out: false.' });
    assert.deepEqual(de.fields.milk, { name: 'Milch', description: 'Mit Milch. Ohne Angabe: false.' });
    const keys = [
      ...Object.keys(service.fields),
      ...Object.keys((service.fields.advanced as { fields: object }).fields),
    ];
    for (const { fields, sections } of [en, de]) {
      assert.deepEqual(Object.keys({ ...fields, ...sections }).sort(), keys.sort());
    }
  });

  test('needs no target when it is done to the lab as a whole', () => {
    const whole = serviceCatalogue([{ ...made, kinds: ['app'], risk: 'disrupt' }], '1').services.brew;
    assert.equal(whole?.fields.device_id, undefined);
    assert.deepEqual((whole?.fields.confirm as ServiceField | undefined)?.selector, { boolean: {} });
    const either = serviceCatalogue([{ ...made, kinds: ['app', 'guest'], risk: 'operate' }], '1').services
      .brew;
    assert.deepEqual(either?.fields.device_id, { selector: DEVICES });
    assert.equal(either?.fields.confirm, undefined);
  });

  test('makes another digest when anything of it differs', () => {
    const digest = (action: Action): string => digestOf(serviceCatalogue([action], '1'));
    assert.equal(digest(made), digest({ ...made }));
    assert.notEqual(digest(made), digest({ ...made, title: 'Boil' }));
  });
});

test('each sort of value has its selector', () => {
  assert.deepEqual(selectorOf({ enum: ['on', 'off'] }), {
    select: { options: ['on', 'off'], mode: 'dropdown' },
  });
  assert.deepEqual(selectorOf({ type: 'number', minimum: 0.5 }), {
    number: { min: 0.5, step: 'any', mode: 'box' },
  });
  assert.deepEqual(selectorOf({ type: 'string', maxLength: 60_000 }), { text: { multiline: true } });
  assert.deepEqual(selectorOf({ type: 'array', items: { type: 'string' } }), { text: { multiple: true } });
  for (const schema of [{ type: 'array', items: { type: 'object' } }, { type: 'object' }, {}]) {
    assert.deepEqual(selectorOf(schema), { object: {} });
  }
});

test('the integration has every text that its code names, and each placeholder in both languages', () => {
  const folder = path.join(import.meta.dirname, '../custom_components/labkeeper');
  const read = (file: string): string => readFileSync(path.join(folder, file), 'utf8');
  const [en, de] = ['en', 'de'].map((language) => JSON.parse(read(`translations/${language}.json`)));
  const placeholders = (tree: unknown): unknown =>
    typeof tree === 'string'
      ? [...tree.matchAll(/\{\w+\}/g)].map(([all]) => all).sort()
      : Object.fromEntries(Object.entries(tree as object).map(([key, value]) => [key, placeholders(value)]));
  assert.deepEqual(placeholders(en), placeholders(de));
  const named = ['actions.py', 'targets.py', 'coordinator.py'].flatMap((file) =>
    [...read(file).matchAll(/(?:refused\(|translated\(\s*\w+,\s*)"(\w+)"/g)].map(([, key]) => key as string),
  );
  const jobs = ['failed', 'cancelled', 'unknown'].map((state) => `job_${state}`);
  assert.deepEqual([...new Set([...named, ...jobs])].sort(), Object.keys(en.exceptions).sort());
});
