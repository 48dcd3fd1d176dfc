import assert from 'node:assert/strict';
import path from 'node:path';
import { suite, test } from 'node:test';
import { checkImports, importsOf, readTree } from '../scripts/check-imports.ts';
import type { Rule } from '../scripts/import-rules.ts';

/** What the checker says of a tree of a few files, as `file:line rule`. */
const breaches = (files: Record<string, string>): readonly string[] =>
  checkImports(new Map(Object.entries(files))).map(({ file, line, rule }) => `${file}:${line} ${rule}`);

/** Expects one import to break one rule, and no other. */
function refused(file: string, text: string, rule: Rule): void {
  assert.deepEqual(breaches({ [file]: text }), [`${file}:1 ${rule}`], `${file}: ${text}`);
}

function allowed(file: string, text: string): void {
  assert.deepEqual(breaches({ [file]: text }), [], `${file}: ${text}`);
}

suite('import rules', () => {
  test('the app keeps to them', () => {
    const files = readTree(path.join(import.meta.dirname, '../addon/src'));
    assert.ok(files.size > 40, 'the tree was found');
    assert.deepEqual(checkImports(files), []);
  });

  test('a room imports only what its row of the table names', () => {
    refused('core/log.ts', "import { Store } from '../model/store.ts';", 'room');
    refused('core/log.ts', "import type { Store } from '../model/store.ts';", 'room');
    refused('model/store.ts', "import { KINDS } from '../kinds/index.ts';", 'room');
    refused('entities/states.ts', "import type { Action } from '../contract/action.ts';", 'room');
    refused('engine/engine.ts', "import { Connection } from '../mqtt/connection.ts';", 'room');
    refused('actions/executor.ts', "import { SOURCES } from '../sources/registry.ts';", 'room');
    refused('lab/power.ts', "import { Executor } from '../actions/executor.ts';", 'room');
    refused('sources/docker/client.ts', "import { Store } from '../../engine/engine.ts';", 'room');
    refused('http/server.ts', "import type { Connection } from '../mqtt/connection.ts';", 'room');
    refused('contract/source.ts', "export * from '../engine/engine.ts';", 'room');
    allowed('core/log.ts', "import type { Secrets } from './secrets.ts';");
    allowed('lab/power.ts', "import { defineAction } from '../contract/action.ts';");
    allowed('config/options.ts', "import { SOURCES } from '../sources/registry.ts';");
    allowed('app.ts', "import { Executor } from './actions/executor.ts';");
  });

  test('some rooms know only the types of another', () => {
    for (const [file, target] of [
      ['mqtt/commands.ts', '../contract/action.ts'],
      ['mqtt/publisher.ts', '../model/store.ts'],
      ['kinds/rows.ts', '../model/resource.ts'],
      ['engine/engine.ts', '../kinds/index.ts'],
    ] as const) {
      allowed(file, `import type { A } from '${target}';`);
      allowed(file, `export type { A } from '${target}';`);
      refused(file, `import { a } from '${target}';`, 'types only');
      // Such an import still loads the module.
      refused(file, `import { type A } from '${target}';`, 'types only');
    }
  });

  test('a package is imported in the rooms that it is for', () => {
    refused('engine/engine.ts', "import pino from 'pino';", 'package');
    refused('mqtt/connection.ts', "import type { Logger } from 'pino';", 'package');
    refused('engine/engine.ts', "import { connect } from 'mqtt';", 'package');
    refused('app.ts', "import { Aedes } from 'aedes';", 'package');
    refused('app.ts', "import Docker from 'dockerode';", 'package');
    refused('net/dispatcher.ts', "import type Docker from 'dockerode';", 'package');
    refused('sources/truenas/client.ts', "import Docker from 'dockerode';", 'package');
    refused('entities/discovery.ts', "import Value from 'typebox/value';", 'package');
    refused('sources/docker/config.ts', "import { connect } from 'mqtt';", 'package');
    refused('core/ids.ts', "import leftPad from 'left-pad';", 'package');
    refused('core/ids.ts', "import x from '@fastify/static/deep/path.js';", 'package');
    allowed('core/log.ts', "import pino from 'pino';");
    allowed('mqtt/embedded-broker.ts', "import { Aedes } from 'aedes'; import mqtt from 'mqtt';");
    allowed('sources/docker/client.ts', "import Docker from 'dockerode'; import Type from 'typebox';");
    allowed('http/server.ts', "import serve from '@fastify/static';");
    allowed('config/load.ts', "import { parse } from 'yaml'; import Value from 'typebox/value';");
  });

  test('what reaches outside the process is used in few rooms', () => {
    refused('model/store.ts', "import { readFileSync } from 'node:fs';", 'builtin');
    refused('entities/states.ts', "import { readFile } from 'node:fs/promises';", 'builtin');
    refused('lab/power.ts', "import { exec } from 'node:child_process';", 'builtin');
    refused('mqtt/connection.ts', "import https from 'https';", 'builtin');
    refused('sources/docker/client.ts', "import https from 'node:https';", 'builtin');
    allowed('model/store.ts', "import { isDeepStrictEqual } from 'node:util';");
    allowed('net/pinned-agent.ts', "import https from 'node:https'; import tls from 'node:tls';");
    allowed('config/load.ts', "import { readFile } from 'node:fs/promises';");
  });

  test('a source is imported by the registry alone, lazily and by its index', () => {
    refused('sources/truenas/map.ts', "import type { Usage } from '../docker/usage.ts';", 'other source');
    refused('sources/truenas/map.ts', "import { docker } from '../docker/index.ts';", 'other source');
    refused('app.ts', "import { docker } from './sources/docker/index.ts';", 'other source');
    refused('config/options.ts', "const a = import('../sources/docker/index.ts');", 'other source');
    refused('sources/registry.ts', "const a = () => import('./docker/session.ts');", 'source index');
    refused('sources/registry.ts', "import { docker } from './docker/index.ts';", 'lazy source');
    allowed('sources/registry.ts', "const a = () => import('./docker/index.ts');");
    allowed('sources/docker/index.ts', "import { DockerSession } from './session.ts';");
    allowed('sources/docker/guest/map.ts', "import { DockerClient } from '../client.ts';");
  });

  test('nothing imports the composition root, but main the app and the app its parts', () => {
    refused('engine/engine.ts', "import { startApp } from '../app.ts';", 'composition root');
    refused('engine/engine.ts', "import type { App } from '../app.ts';", 'composition root');
    refused('app.ts', "import './main.ts';", 'composition root');
    refused('app/broker.ts', "import { startApp } from '../app.ts';", 'composition root');
    refused('main.ts', "import { brokerOf } from './app/broker.ts';", 'composition root');
    refused('mqtt/bridge.ts', "import type { Broker } from '../app/broker.ts';", 'composition root');
    refused('app/deeper/broker.ts', 'export const a = 1;', 'unknown room');
    allowed('main.ts', "import { startApp } from './app.ts';");
    allowed('app.ts', "import { brokerOf } from './app/broker.ts';");
    allowed('app/self.ts', "import { brokerOf } from './broker.ts';");
    allowed('app/broker.ts', "import { Bridge } from '../mqtt/bridge.ts';");
  });

  test('nothing leaves addon/src', () => {
    refused('app.ts', "import { demo } from '../../simulators/demo/main.ts';", 'outside');
    refused('core/clock.ts', "import type { Fake } from '../../../test/helpers/fake-clock.ts';", 'outside');
    refused('app.ts', "import x from '/work/simulators/demo/main.ts';", 'outside');
    refused('app.ts', "import x from 'file:///work/simulators/demo/main.ts';", 'outside');
    refused('app.ts', "import x from '#simulators/demo';", 'outside');
  });

  test('every file is in a room', () => {
    refused('helpers/misc.ts', 'export const a = 1;', 'unknown room');
    refused('misc.ts', 'export const a = 1;', 'unknown room');
    refused('sources/shared.ts', 'export const a = 1;', 'unknown room');
    refused('app.ts', "import { a } from './helpers/misc.ts';", 'unknown room');
    const both = { 'app.ts': "import { a } from './misc.ts';", 'misc.ts': 'export const a = 1;' };
    assert.deepEqual(breaches(both), ['misc.ts:1 unknown room'], 'said once, where the file is');
  });

  test('an import must be written out', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code
    refused('app.ts', 'const a = await import(`./${name}.ts`);', 'computed');
    refused('app.ts', "const a = await import('./core/' + name);", 'computed');
    allowed('app.ts', 'const a = await import(`./core/log.ts`);');
  });

  test('files do not import each other in a circle', () => {
    const circle = {
      'model/a.ts': "\nimport { b } from './b.ts';",
      'model/b.ts': "import { c } from './c.ts';",
      'model/c.ts': "\n\nimport type { A } from './a.ts';",
    };
    const [cycle, ...others] = checkImports(new Map(Object.entries(circle)));
    assert.deepEqual(others, []);
    assert.equal(cycle?.rule, 'cycle');
    assert.equal(`${cycle.file}:${cycle.line}`, 'model/c.ts:3', 'where the circle closes');
    assert.match(cycle.message, /model\/a\.ts -> model\/b\.ts -> model\/c\.ts -> model\/a\.ts/);
    assert.deepEqual(breaches({ 'model/a.ts': "import './a.ts';" }), ['model/a.ts:1 cycle']);
    const diamond = {
      'model/a.ts': "import './b.ts'; import './c.ts';",
      'model/b.ts': "import './d.ts';",
      'model/c.ts': "import './d.ts';",
      'model/d.ts': '',
    };
    assert.deepEqual(breaches(diamond), []);
  });

  test('every breach says what to do', () => {
    const [breach] = checkImports(new Map([['app.ts', "import Docker from 'dockerode';"]]));
    assert.match(breach?.message ?? '', /sources\/docker/);
  });
});

suite('imports of a file', () => {
  const specifiers = (text: string): readonly (string | undefined)[] =>
    importsOf(text).map(({ specifier }) => specifier);

  test('in every form', () => {
    const forms: [string, string[]][] = [
      ["import a from './a.ts'", ['./a.ts']],
      ['import * as a from "./a.ts"', ['./a.ts']],
      ["import a, { b as c, type D } from './a.ts'", ['./a.ts']],
      ["import './a.ts'", ['./a.ts']],
      ["import {\n  a,\n  b,\n} from './a.ts';", ['./a.ts']],
      ["export * from './a.ts'; export * as b from './b.ts'", ['./a.ts', './b.ts']],
      ["export { a as default } from './a.ts'", ['./a.ts']],
      ["export { a }\nimport b from './b.ts'", ['./b.ts']],
      ["import { from } from './from.ts'", ['./from.ts']],
      ["import data from './a.json' with { type: 'json' }", ['./a.json']],
      ["const a: typeof import('./a.ts') = await import('./b.ts')", ['./a.ts', './b.ts']],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code
      ["const a = `${`${await import('./a.ts')}`}`; import './b.ts'", ['./a.ts', './b.ts']],
    ];
    for (const [text, expected] of forms) assert.deepEqual(specifiers(text), expected, text);
  });

  test('not in comments, strings, regular expressions, or what only looks like one', () => {
    const others = [
      "// import a from './a.ts'",
      "/* import a from './a.ts'\n export * from './b.ts' */",
      'const a = "import b from \'./b.ts\'"',
      "const a = 'it\\'s'; // import('./a.ts')",
      'const a = `import b from "./b.ts" \\` import("./c.ts")`',
      "const a = /import '.*' from [/'\"`]/; // import('./a.ts')",
      'const url = import.meta.url',
      "loader.import('./a.ts'); this.#import('./b.ts')",
      "export const from = './a.ts'; export type A = 'b'",
    ];
    for (const text of others) assert.deepEqual(specifiers(text), [], text);
  });

  test('after a division or a quote in a regular expression they are still seen', () => {
    for (const before of [
      'const a = b / c / d;',
      "const a = /['`]/;",
      'return /"/.test(a)',
      "a(')') / 2 / 1",
    ]) {
      assert.deepEqual(specifiers(`${before}\nimport b from './b.ts';`), ['./b.ts'], before);
    }
  });

  test('of types only where the whole statement is', () => {
    const typeOnly = (text: string): boolean | undefined => importsOf(text)[0]?.typeOnly;
    assert.equal(typeOnly("import type { A } from './a.ts'"), true);
    assert.equal(typeOnly("import type A from './a.ts'"), true);
    assert.equal(typeOnly("import type * as a from './a.ts'"), true);
    assert.equal(typeOnly("export type * from './a.ts'"), true);
    assert.equal(typeOnly("import { type A } from './a.ts'"), false);
    assert.equal(typeOnly("import type from './a.ts'"), false);
    assert.equal(typeOnly("import type, { b } from './a.ts'"), false);
  });

  test('with the line of what is imported', () => {
    assert.deepEqual(
      importsOf("// a\nimport {\n  a,\n} from './a.ts';\n\nimport './b.ts';").map(({ line }) => line),
      [4, 6],
    );
  });
});
