import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import Type, { type TObject } from 'typebox';
import { parse } from 'yaml';
import { optionsSchema } from '../addon/src/config/options.ts';
import { supervisorSchema } from '../scripts/generate/supervisor-schema.ts';
import { documentedExamples, optionPaths, problems, releasedOptions, SOURCES } from './helpers/options.ts';
import { configFaults, translationFaults } from './helpers/supervisor-config.ts';
import {
  Invalid,
  supervisorForm,
  supervisorOptions,
  supervisorValidate,
  type UiNode,
} from './helpers/supervisor-validator.ts';

const read = (file: string) => parse(readFileSync(new URL(`../addon/${file}`, import.meta.url), 'utf8'));
const config = read('config.yaml');
/** What the app gets to see of what a user saved. */
const start = (saved: Readonly<Record<string, unknown>>) =>
  supervisorValidate(config.schema, supervisorOptions(config.options, saved));

suite('the app under the Supervisor', () => {
  test('has a config.yaml that is accepted as it stands', () => {
    assert.deepEqual(configFaults(config), []);
  });

  test('starts without any options, and then they are valid for us too', () => {
    const { options, warnings } = start({});
    assert.deepEqual(warnings, []);
    assert.deepEqual(problems(options), []);
  });

  test('gets the documented options as they are written', () => {
    for (const example of documentedExamples()) {
      const { options, warnings } = start(example);
      assert.deepEqual(warnings, []);
      assert.deepEqual(options, supervisorOptions(config.options, example));
      assert.deepEqual(problems(options), []);
    }
  });

  for (const [index, { version, options: saved }] of releasedOptions().entries()) {
    test(`starts with what was saved with ${version} and drops none of it: document ${index}`, () => {
      const { options, warnings } = start(saved as Readonly<Record<string, unknown>>);
      assert.deepEqual(warnings, []);
      assert.deepEqual(problems(options), []);
    });
  }

  test('does not start with what is wrong', () => {
    const nas = { id: 'nas', url: 'http://nas:2375' };
    const wrong: readonly Readonly<Record<string, unknown>>[] = [
      { docker: [{ id: 'nas' }] },
      { docker: [{ url: nas.url }] },
      { docker: [{ ...nas, id: 'NAS' }] },
      { docker: [{ ...nas, url: 'nas' }] },
      { docker: nas },
      { mqtt: 'broker' },
      { mqtt: { port: 'mqtt' } },
      { mqtt: { port: 70_000 } },
      { mqtt: { username: 5 } },
      { mqtt: { host: null } },
      { language: 'fr' },
      { include: 'docker/*' },
      { proxmox: [{ id: 'home' }] },
      { proxmox: [{ id: 'home', urls: ['http://pve'] }] },
    ];
    for (const saved of wrong) {
      assert.throws(() => start(saved), Invalid, JSON.stringify(saved));
      assert.notDeepEqual(problems(saved), [], JSON.stringify(saved));
    }
  });

  test('never sees an option that nobody knows', () => {
    const { options, warnings } = start({ mqtt: { hots: 'x' }, langauge: 'de' });
    assert.equal(warnings.length, 2);
    assert.deepEqual(options, start({}).options);
  });

  test('has a form with every option, no deeper than it can show, secrets hidden', () => {
    const form = supervisorForm(config.schema);
    const flat = form.flatMap(({ name, schema }) =>
      schema === undefined ? [name] : schema.map((field) => `${name}.${field.name}`),
    );
    assert.deepEqual(flat, optionPaths(optionsSchema(SOURCES)));
    const fields = form.flatMap(({ schema }) => schema ?? []);
    assert.ok(fields.every(({ schema }) => schema === undefined));
    const hidden = fields.filter(({ format }) => format === 'password').map(({ name }) => name);
    assert.deepEqual(hidden, [
      'password',
      'key',
      'portainer_key',
      'password',
      'token',
      'token_secret',
      'token_secret',
      'password',
      'token',
      'webhook_secret',
      'password',
      'password',
      'api_key',
    ]);
  });
});

suite('the form’s texts', () => {
  for (const language of ['en', 'de']) {
    test(`are there for each option and port: ${language}`, () => {
      const texts = read(`translations/${language}.yaml`);
      assert.deepEqual(translationFaults(texts), []);
      assert.deepEqual(Object.keys(texts.network), Object.keys(config.ports));
      const compare = (
        nodes: readonly UiNode[],
        entries: Readonly<Record<string, { fields?: object }>>,
      ): void => {
        assert.deepEqual(
          Object.keys(entries),
          nodes.map(({ name }) => name),
        );
        for (const { name, schema } of nodes)
          if (schema !== undefined) compare(schema, entries[name]?.fields as typeof entries);
      };
      compare(supervisorForm(config.schema), texts.configuration);
    });
  }
});

suite('what the Supervisor cannot do is noticed when the files are made', () => {
  const make = (properties: Parameters<typeof Type.Object>[0]) =>
    supervisorSchema(Type.Object(properties) as TObject);

  test('a group within a group', () => {
    const inner = Type.Object({ b: Type.Optional(Type.String()) });
    assert.throws(
      () => make({ x: Type.Array(Type.Object({ a: inner })) }),
      /^Error: a: a group within a group/,
    );
    const optional = Type.Optional(Type.Array(inner));
    assert.throws(() => make({ x: Type.Object({ a: optional }) }), /^Error: a: a group within a group/);
  });

  test('a required option of a group that may be empty', () => {
    assert.throws(() => make({ x: Type.Object({ a: Type.String() }) }), /^Error: x\.a must be optional/);
    assert.deepEqual(make({ x: Type.Array(Type.Object({ a: Type.String() })) }).schema, {
      x: [{ a: 'str' }],
    });
  });

  test('a pattern that Python reads in another way, or for which the beginning is enough', () => {
    for (const pattern of ['^a', 'a$', '^(?<name>a)$', '^\\p{L}$', '^\\d$', '^(?=a)b$'])
      assert.throws(() => make({ x: Type.String({ pattern }) }), /pattern/, pattern);
  });

  test('a type that it does not have', () => {
    assert.throws(() => make({ x: Type.Union([Type.String(), Type.Integer()]) }), /knows no type/);
    assert.throws(() => make({ x: Type.Null() }), /knows no type/);
  });

  test('lengths are left out: older ones refuse every text for them', () => {
    assert.deepEqual(make({ x: Type.String({ minLength: 1, maxLength: 9 }) }).schema, { x: 'str' });
    assert.deepEqual(make({ x: Type.Integer({ minimum: 2, maximum: 9 }), y: Type.Integer() }).schema, {
      x: 'int(2,9)',
      y: 'int',
    });
    assert.deepEqual(make({ x: Type.Number({ minimum: 0 }), y: Type.Number() }).schema, {
      x: 'float(0,)',
      y: 'float',
    });
  });
});
