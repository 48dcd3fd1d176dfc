import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { configFaults, isElement, translationFaults } from './helpers/supervisor-config.ts';
import {
  Invalid,
  type SupervisorSchema,
  supervisorForm,
  supervisorOptions,
  supervisorValidate,
} from './helpers/supervisor-validator.ts';

const one = (type: string, value: unknown): unknown =>
  supervisorValidate({ x: type }, { x: value }).options.x;
const refused = (schema: SupervisorSchema, options: unknown, message: RegExp): void =>
  assert.throws(
    () => supervisorValidate(schema, options),
    (thrown) => thrown instanceof Invalid && message.test(thrown.message),
    JSON.stringify([schema, options]),
  );

suite('the Supervisor, as ported', () => {
  test('takes what Python takes for a value of a type', () => {
    const taken: readonly [type: string, value: unknown, result: unknown][] = [
      ['str', 'x', 'x'],
      ['str?', '', ''],
      ['str(2,3)', 'äöü', 'äöü'],
      ['password', 'p', 'p'],
      ['int', '5', 5],
      ['int', 5.9, 5],
      ['int', true, 1],
      ['int(-5,5)', -5, -5],
      ['float', '1.5', 1.5],
      ['float', '1_0', 10],
      ['port', '8883', 8883],
      ['bool', 'Yes', true],
      ['bool', 'off', false],
      ['bool', 0, false],
      ['list(a|b)', 'b', 'b'],
      ['list(1|True)', true, 'True'],
      ['match(^a)', 'ab', 'ab'],
      ['match(^\\d+$)', 15, '15'],
      ['match(^a$)', 'a\n', 'a\n'],
      ['url', 'http://nas:1/x', 'http://nas:1/x'],
      ['email', 'a@b.example', 'a@b.example'],
    ];
    for (const [type, value, result] of taken) assert.deepEqual(one(type, value), result, `${type} ${value}`);
  });

  test('refuses what does not fit a type', () => {
    const wrong: readonly [type: string, value: unknown][] = [
      ['str', 5],
      ['str', ['x']],
      ['str(2,)', 'x'],
      ['password(,2)', 'xyz'],
      ['int', 'five'],
      ['int', '5.5'],
      ['int(1,)', 0],
      ['float(,1)', 1.1],
      ['port', 0],
      ['port', 65_536],
      ['bool', 'maybe'],
      ['list(a|b)', 'c'],
      ['match(^a)', 'ba'],
      ['url', 'unix:///var/run/docker.sock'],
      ['email', 'nobody'],
      ['strange', 'x'],
      ['', 'x'],
    ];
    for (const [type, value] of wrong) refused({ x: type }, { x: value }, /'x'|strange/);
  });

  test('takes null for missing, even where an option may be left out', () => {
    refused({ x: 'str?' }, { x: null }, /Missing required option 'x'/);
    assert.deepEqual(supervisorValidate({ x: 'str?' }, {}).options, {});
    refused({ x: 'str' }, {}, /Missing option 'x' in root/);
  });

  test('can leave out a list of texts, but neither a group nor a list of groups', () => {
    assert.deepEqual(supervisorValidate({ x: ['str?'] }, {}).options, {});
    refused({ x: ['str'] }, {}, /Missing option 'x'/);
    refused({ x: { y: 'str?' } }, {}, /Missing option 'x'/);
    refused({ x: [{ y: 'str?' }] }, {}, /Missing option 'x'/);
    assert.deepEqual(supervisorValidate({ x: { y: 'str?' }, z: [{ y: 'str' }] }, { x: {}, z: [] }).options, {
      x: {},
      z: [],
    });
  });

  test('looks into groups and lists', () => {
    const schema = { x: [{ id: 'str', port: 'port?' }], y: { z: 'bool?' } };
    assert.deepEqual(supervisorValidate(schema, { x: [{ id: 'a', port: '1' }], y: { z: 'on' } }).options, {
      x: [{ id: 'a', port: 1 }],
      y: { z: true },
    });
    refused(schema, { x: [{ port: 1 }], y: {} }, /Missing option 'id' in x/);
    refused(schema, { x: { id: 'a' }, y: {} }, /Invalid list for option 'x'/);
    refused(schema, { x: ['a'], y: {} }, /Invalid dict for option 'x'/);
    refused(schema, { x: [], y: [] }, /Invalid dict for option 'y'/);
    refused(schema, [], /expected dict/);
    refused({ x: [] }, { x: [] }, /Type error for option 'x'/);
  });

  test('drops what it does not know, with a warning', () => {
    const { options, warnings } = supervisorValidate(
      { x: [{ id: 'str' }] },
      { old: 1, x: [{ id: 'a', gone: null }] },
    );
    assert.deepEqual(options, { x: [{ id: 'a' }] });
    assert.deepEqual(warnings, [
      "Option 'old' does not exist in the schema",
      "Option 'gone' does not exist in the schema",
    ]);
  });

  test('puts in secrets of Home Assistant', () => {
    const options = { x: '!secret mqtt' };
    assert.deepEqual(supervisorValidate({ x: 'password' }, options, { mqtt: 'p' }).options, { x: 'p' });
    refused({ x: 'password' }, options, /Unknown secret 'mqtt'/);
  });

  test('lays what the user saved over the defaults, groups merged and lists replaced', () => {
    assert.deepEqual(
      supervisorOptions({ a: { x: 1, y: 2 }, b: [1], c: 3, d: {} }, { a: { y: 5 }, b: [], d: 'text' }),
      { a: { x: 1, y: 5 }, b: [], c: 3, d: 'text' },
    );
  });

  test('makes a form of a schema', () => {
    assert.deepEqual(supervisorForm({ p: 'password?', l: 'list(a|b)', s: ['str?'], g: [{ n: 'port' }] }), [
      { name: 'p', type: 'string', optional: true, format: 'password' },
      { name: 'l', type: 'select', required: true, options: ['a', 'b'] },
      { name: 's', type: 'string', multiple: true, optional: true },
      {
        name: 'g',
        type: 'schema',
        optional: true,
        multiple: true,
        schema: [{ name: 'n', type: 'integer', required: true }],
      },
    ]);
  });

  test('knows a schema, a config and a translation from something else', () => {
    for (const good of ['str?', 'list(a|b)', ['str?'], [{ a: 'port' }], { a: { b: ['int(1,)?'] } }])
      assert.ok(isElement(good), JSON.stringify(good));
    for (const bad of ['text', 'str?x', 5, null, [['str']], [{ a: [['str']] }], { a: true }, 'int(a,b)'])
      assert.ok(!isElement(bad), JSON.stringify(bad));
    const config = { name: 'x', version: '1', slug: 'x', description: 'x', arch: ['amd64'] };
    assert.deepEqual(configFaults(config), []);
    assert.deepEqual(
      configFaults({ ...config, arch: ['i386'], startup: 'late', services: ['mqtt'], advanced: true }),
      ['arch', 'startup', 'services', 'advanced'],
    );
    assert.deepEqual(configFaults({ map: [{ type: 'addon_config' }] }), [...Object.keys(config), 'map']);
    assert.deepEqual(
      translationFaults({
        configuration: {
          a: { name: 'A', fields: { b: { description: 'B' }, c: { name: 'C', titel: 'x' } } },
        },
        network: { '1/tcp': 5 },
      }),
      ['network', 'configuration.a.b.name', 'configuration.a.c.titel'],
    );
  });
});
