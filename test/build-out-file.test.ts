import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { parse } from 'yaml';
import { keepBuildOut } from '../addon/src/app/build-out.ts';
import { vocabularyOf } from '../addon/src/app/vocabulary.ts';
import { buildOutFaults, loadBuildOut } from '../addon/src/config/build-out.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { BUILD_OUT, BUILD_OUT_FILE } from '../addon/src/lab/build-out/shipped.ts';
import { Findings } from '../addon/src/lab/findings.ts';
import { ACTIONS } from '../addon/src/lab/index.ts';
import { SELF, selfOf } from '../addon/src/lab/self.ts';
import { Store } from '../addon/src/model/store.ts';
import { PROXMOX, sight, thing } from './helpers/build-out.ts';
import { recordingLog } from './helpers/samples.ts';

const WORDS = vocabularyOf(ACTIONS);
const ONE = 'phases: [{id: p, title: P, items: [{id: i, title: I, check: {kind: node}}]}]\n';

suite('the file of the build-out', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'labkeeper-'));
    mkdirSync(path.join(folder, 'recipes'));
    file = path.join(folder, 'recipes', 'build-out.yaml');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const keep = async (sights = [{ ...sight('proxmox/home', PROXMOX), configured: 'proxmox/home' }]) => {
    const [store, findings, log] = [new Store<LabResource>(), new Findings(), recordingLog()];
    const kept = await keepBuildOut({
      ...{ store, findings, log, folder, actions: ACTIONS },
      sights: () => sights,
    });
    return { ...kept, store, findings, log, sights };
  };

  test('comes with Labkeeper as recipes/build-out.yaml, and a copy of it says the same', async () => {
    const text = readFileSync(path.join(import.meta.dirname, '../recipes/build-out.yaml'), 'utf8');
    assert.equal(BUILD_OUT_FILE, text);
    assert.deepEqual(parse(text), BUILD_OUT);
    assert.equal(await loadBuildOut(folder, WORDS), undefined);
    writeFileSync(file, text);
    assert.deepEqual(await loadBuildOut(folder, WORDS), BUILD_OUT);
  });

  test('counts as a person left it, and needs no folder', async () => {
    writeFileSync(file, ONE);
    assert.equal((await keep()).view().total, 1);
    writeFileSync(file, 'phases: []\n');
    assert.equal((await keep()).view().total, 0);
    assert.equal(await loadBuildOut(undefined, WORDS), undefined);
    assert.equal(await loadBuildOut(path.join(folder, 'none'), WORDS), undefined);
  });

  test('that is wrong keeps nothing from starting, and stands among what needs attention', async () => {
    writeFileSync(file, ONE.replace('kind: node', 'kind: nodes'));
    const { view, findings, log } = await keep();
    assert.equal(view().total, 16, 'what comes with Labkeeper counts');
    const [finding] = findings.all();
    assert.deepEqual([finding?.severity, finding?.owner], ['warning', 'lab/build-out']);
    assert.match(
      finding?.message ?? '',
      /items\[0\]\.check\.kind: there is no kind “nodes”; did you mean “node”\?/,
    );
    assert.match(
      log.lines.join('\n'),
      /^error .*until that is right, the build-out is the one that comes with/m,
    );
    writeFileSync(file, 'phases: [\n');
    assert.match((await keep()).findings.all()[0]?.message ?? '', /line 2, column 1/);
  });

  test('is looked at again when the lab, a finding or a system changes, and not when Labkeeper tells of it', async () => {
    writeFileSync(file, ONE);
    const { view, store, findings, sights } = await keep();
    const first = view();
    assert.equal(first.percent, 0);
    const known = { version: '1', started: 0, devices: 0, messages: null, memoryBytes: 0, findings: [] };
    store.replace(SELF, [selfOf({ ...known, systems: [], buildOut: first })]);
    assert.equal(view(), first, 'the same object');
    store.replace('proxmox/home', [thing('proxmox/home/node/pve1')]);
    const second = view();
    assert.deepEqual([second.percent, second === first], [100, false]);
    findings.report('proxmox/home', []);
    assert.equal(view(), second);
    store.replace('proxmox/home', []);
    const hidden = {
      key: 'observe',
      severity: 'warning',
      about: 'proxmox/home',
      title: 'Half shown',
    } as const;
    findings.report('proxmox/home', [{ ...hidden, message: '' }]);
    assert.match(view().phases[0]?.items[0]?.because.join() ?? '', /Half shown/);
    findings.report('proxmox/home', [{ ...hidden, message: '', severity: 'info' }]);
    assert.deepEqual([view().open, view().percent], [1, 0]);
    sights[0] = { ...sights[0], reachable: false } as (typeof sights)[0];
    assert.deepEqual([view().unknown, view().percent], [1, null]);
  });
});

test('the example of the documentation is a build-out', () => {
  const text = readFileSync(path.join(import.meta.dirname, '../DOCS.md'), 'utf8');
  const [, example = ''] = /^## The build-out$[\s\S]*?^```yaml\n([\s\S]*?)^```$/m.exec(text) ?? [];
  assert.match(example, /^phases:/);
  assert.deepEqual(buildOutFaults(parse(example), WORDS), []);
});

suite('what is wrong with a build-out', () => {
  /** @param check of one item, as YAML */
  const of = (check: string, more = ''): readonly string[] =>
    buildOutFaults(
      parse(`phases: [{id: p, title: P, items: [{id: i, title: I, check: ${check}${more}}]}]`),
      WORDS,
    ).map((line) => line.replace('phases[0].items[0].', ''));

  test('is told by its place, with what was most likely meant', () => {
    assert.deepEqual(of('{kind: gest}'), ['check.kind: there is no kind “gest”; did you mean “guest”?']);
    assert.deepEqual(of('{kind: constructor}'), ['check.kind: there is no kind “constructor”']);
    assert.deepEqual(of('{knd: guest}'), ['check.knd: there is no such key here; did you mean “kind”?']);
    assert.deepEqual(of('{kind: guest, source: proxmx}'), [
      'check.source: there is no source “proxmx”; did you mean “proxmox”?',
    ]);
    assert.deepEqual(of('{kind: guest, readings: {memory_totl: {least: 1}}}'), [
      'check.readings.memory_totl: guest has no such reading; did you mean “memory_total”?',
    ]);
    assert.deepEqual(of('{kind: host, in: {kind: guest, readings: {onn: true}}}'), [
      'check.in.readings.onn: guest has no such reading; did you mean “on”?',
    ]);
    assert.deepEqual(of('{any: [{kind: node}, {kind: guest, links: {uses_gpu: {kind: gpus}}}]}'), [
      'check.any[1].links.uses_gpu.kind: there is no kind “gpus”; did you mean “gpu”?',
    ]);
    assert.deepEqual(of('{kind: guest, links: {use_gpu: {kind: gpu}}}'), [
      'check.links.use_gpu: there is no such key here',
    ]);
    assert.deepEqual(of('{kind: node, readings: {cards: {some: {devise: "10de:*"}}}}'), [
      'check.readings.cards.some.devise: an item of it has no such reading; did you mean “device”?',
    ]);
    assert.deepEqual(of('{kind: guest}', ', action: {id: server_off}'), [
      'action.id: there is no action “server_off”; did you mean “server_on”?',
    ]);
    assert.match(
      of('{kind: server}', ', action: {id: identify_light, input: {light: red}}').join(),
      /^action\.input\.light: /,
    );
    assert.deepEqual(of('{kind: server}', ', action: {id: identify_light, input: {light: "on"}}'), []);
  });

  test('is a comparison that can never hold', () => {
    const readings = (given: string): string => of(`{kind: guest, readings: {${given}}}`).join();
    assert.match(readings('on: "yes"'), /on: must be true or false$/);
    assert.match(readings('cpus: "4"'), /cpus: must be a number$/);
    assert.match(readings('node: 1'), /node: must be a text; put it in quotes$/);
    assert.match(readings('state: runing'), /state: is never “runing”, but one of .*running/);
    assert.equal(readings('state: run*'), '');
    assert.match(readings('on: {least: 1}'), /on\.least: only numbers and lists have a size$/);
    assert.match(readings('cpus: {least: many}'), /cpus\.least: must be a number$/);
    assert.match(
      readings('cpus: {atleast: 4}'),
      /cpus\.atleast: there is no such comparison; did you mean “least”\?/,
    );
    assert.match(readings('cpus: {known: false}'), /cpus\.known: must be true$/);
    assert.match(readings('cpus: {}'), /cpus: says nothing/);
    assert.match(readings('pci_devices: yes'), /pci_devices: is a list; say what it has/);
    assert.match(readings('cpus: {some: {a: 1}}'), /cpus\.some: only a list of items has some$/);
    assert.match(readings('on: null'), /on: must be true or false$/);
  });

  test('is a check that asks for two things, or for nothing', () => {
    assert.deepEqual(of('{}'), ['check: needs one of kind, all and any']);
    assert.deepEqual(of('{kind: node, any: [{kind: node}]}'), ['check: needs one of kind, all and any']);
    assert.deepEqual(of('{all: [{kind: node}], least: 2}'), [
      'check: nothing else stands beside all; put it into the checks of all',
    ]);
    assert.match(of('{any: []}').join(), /^check\.any: needs at least 1 entry$/);
    assert.match(of('{kind: node, name: 7}').join(), /^check\.name: must be a text or a list of texts$/);
  });

  test('is an id that is taken, and what does not belong there', () => {
    const twice = ONE.replace('{kind: node}}', '{kind: node}}, {id: i, title: J, check: {kind: node}}');
    assert.deepEqual(buildOutFaults(parse(twice), WORDS), [
      'phases[0].items[1].id: “i” is taken by phases[0].items[0].id',
    ]);
    const both = ONE.replace('{kind: node}}', '{kind: nodes}}, {id: j, title: J, chek: {}}, 7');
    assert.deepEqual(buildOutFaults(parse(both), WORDS), [
      'phases[0].items[1].check: is missing',
      'phases[0].items[1].chek: there is no such key here; did you mean “check”?',
      'phases[0].items[2]: must be a group of options',
      'phases[0].items[0].check.kind: there is no kind “nodes”; did you mean “node”?',
    ]);
    assert.deepEqual(buildOutFaults(7, WORDS), ['file: must be a group of options']);
    assert.deepEqual(buildOutFaults({ fases: [] }, WORDS), [
      'phases: is missing',
      'fases: there is no such key here; did you mean “phases”?',
    ]);
    assert.deepEqual(buildOutFaults(parse(ONE.replace('id: i', 'id: I t')), WORDS), [
      'phases[0].items[0].id: must look like docker_host',
    ]);
  });

  test('is one that leads back into itself, or is too deep', () => {
    const endless = parse('phases: [{id: p, title: P, items: [{id: i, title: I, check: &a {any: [*a]}}]}]');
    assert.match(buildOutFaults(endless, WORDS).join(), /levels deep$/);
    const deep = `${'{all: ['.repeat(40)}{kind: node}${']}'.repeat(40)}`;
    assert.match(of(deep).join(), /levels deep$/);
  });
});
