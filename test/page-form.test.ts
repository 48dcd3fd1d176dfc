import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ACTIONS } from '../addon/src/lab/index.ts';
import { type Field, fieldsOf, filledOf, inputOf } from '../frontend-card/src/page/act/form-model.ts';
import { hashOf, routeOf } from '../frontend-card/src/page/route.ts';
import type { Schema } from '../frontend-card/src/page/wire.ts';
import { PageWords } from '../frontend-card/src/page/words/page-words.ts';

const english = new PageWords('en-GB');
const schemaOf = (id: string): Schema => {
  const input = ACTIONS.find((action) => action.id === id)?.input;
  assert.ok(input, id);
  return JSON.parse(JSON.stringify(input));
};
const fields = (id: string, words = english): readonly Field[] => fieldsOf(schemaOf(id), words);
const ways = (id: string): Record<string, string> =>
  Object.fromEntries(fields(id).map(({ key, way }) => [key, way]));

suite('a form of an action', () => {
  test('asks for each thing in the way that fits it, what is needed first', () => {
    assert.deepEqual(fields('create_vm')[0]?.key, 'name');
    const { cores, dns, firmware, start, user_data, image_url } = ways('create_vm');
    assert.deepEqual(
      [cores, dns, firmware, start, user_data],
      ['number', 'lines', 'choice', 'truth', 'long'],
    );
    assert.equal(image_url, 'text', 'an address is one line, however long it may be');
    const { compose, environment, files } = ways('deploy_stack');
    assert.deepEqual([compose, environment, files], ['long', 'pairs', 'json']);
  });

  test('is for every action, and speaks German where one does', () => {
    for (const { id } of ACTIONS) for (const { title } of fields(id)) assert.notEqual(title, '', id);
    const [name] = fields('create_vm', new PageWords('de-AT'));
    assert.equal(name?.title, 'Name');
    assert.ok(fields('create_vm', new PageWords('de')).some(({ title }) => title === 'Vorlage'));
  });

  test('makes the input of what was filled in, and leaves out what was not', () => {
    const { input, faults } = inputOf(
      fields('create_vm'),
      {
        ...{ name: ' web ', cores: '4', memory: '2,5', dns: '10.0.0.1\n\n 10.0.0.2', start: 'false' },
        ...{ firmware: 'uefi', user_data: '#!/bin/sh\n', tags: '' },
      },
      english,
    );
    assert.deepEqual(faults, {});
    assert.deepEqual(input, {
      ...{ name: 'web', cores: 4, memory: 2.5, dns: ['10.0.0.1', '10.0.0.2'], start: false },
      ...{ firmware: 'uefi', user_data: '#!/bin/sh\n' },
    });
    const stack = inputOf(
      fields('deploy_stack'),
      {
        name: 'web',
        compose: 'services: {}',
        environment: 'A=b=c\nB=',
        files: '[{"path":"a","content":""}]',
      },
      english,
    );
    assert.deepEqual(stack.input, {
      ...{ name: 'web', compose: 'services: {}', environment: { A: 'b=c', B: '' } },
      files: [{ path: 'a', content: '' }],
    });
  });

  test('says where something is wrong', () => {
    const { faults } = inputOf(
      fields('create_vm'),
      { cores: '2.5', memory: '9999999', disk: 'much', dns: '10.0.0.1\nhere', iso: '../x' },
      english,
    );
    assert.deepEqual(faults, {
      ...{ name: 'This is needed.', cores: 'This is to be a whole number.', memory: 'At most 4096.' },
      ...{ disk: 'This is to be a number.', dns: 'It does not look as it should.' },
      iso: 'It does not look as it should. As in: local:iso/debian-12.9.0-amd64-netinst.iso',
    });
    const stack = inputOf(fields('deploy_stack'), { environment: 'A=b\nno value', files: '[' }, english);
    assert.equal(stack.faults.environment, 'Line 2: NAME=value is wanted.');
    assert.equal(stack.faults.files, 'This is no JSON.');
  });

  test('begins with what is there', () => {
    assert.deepEqual(
      [undefined, 3, false, ['a', 'b'], { a: 1 }].map((value) => filledOf(value)),
      ['', '3', 'false', 'a\nb', '{\n  "a": 1\n}'],
    );
  });
});

test('an address of the page says where somebody is, whatever the lab calls things', () => {
  const id = 'docker/lab/container/a b%#ü';
  assert.deepEqual(routeOf(hashOf('log', id)), { part: 'log', rest: [id] });
  assert.deepEqual(routeOf(''), { part: 'lab', rest: [] });
  assert.deepEqual(routeOf('#log/%E0%A4%A'), { part: 'log', rest: ['%E0%A4%A'] }, 'no encoding at all');
});

test('the page has every text in both languages, with the same places', async () => {
  const { TEXTS } = await import('../frontend-card/src/page/words/texts.ts');
  for (const [key, [en, de]] of Object.entries(TEXTS)) {
    const places = (text: string): readonly string[] => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
    assert.deepEqual(places(en), places(de), key);
  }
});
