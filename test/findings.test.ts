import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import Type from 'typebox';
import { findInLab, logFindings } from '../addon/src/app/findings.ts';
import type { Finding } from '../addon/src/contract/finding.ts';
import { defineSource, type Source, type SourceContext } from '../addon/src/contract/source.ts';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { silentLog } from '../addon/src/core/log.ts';
import { Engine } from '../addon/src/engine/engine.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { Findings } from '../addon/src/lab/findings.ts';
import { selfOf } from '../addon/src/lab/self.ts';
import { Store } from '../addon/src/model/store.ts';

import { FakeClock } from './helpers/fake-clock.ts';
import { aFinding, recordingLog } from './helpers/samples.ts';
import { aGuest, aHost, HOSTNAME, IP, SMBIOS } from './helpers/things.ts';

suite('findings', () => {
  test('are united, the gravest first', () => {
    const findings = new Findings();
    findings.report('b/1', [aFinding({ key: 'z' }), aFinding({ key: 'a', severity: 'info' })]);
    findings.report('a/1', [aFinding({ key: 'p', severity: 'problem' }), aFinding({ key: 'y' })]);
    const shown = (): readonly string[] => findings.all().map(({ owner, key }) => `${owner} ${key}`);
    assert.deepEqual(shown(), ['a/1 p', 'a/1 y', 'b/1 z', 'b/1 a']);
    findings.report('a/1', []);
    assert.deepEqual(shown(), ['b/1 z', 'b/1 a']);
  });

  test('that are the same tell nobody, whatever their order', () => {
    const findings = new Findings();
    let told = 0;
    const end = findings.subscribe(() => {
      told += 1;
    });
    const set = (): Finding[] => [aFinding({ key: 'a', commands: ['x'] }), aFinding({ key: 'b' })];
    findings.report('a/1', set());
    const before = findings.all();
    findings.report('a/1', set().reverse());
    findings.report('b/1', []);
    assert.equal(told, 1);
    assert.equal(findings.all(), before);
    findings.report('a/1', [aFinding({ key: 'a', commands: ['y'] }), aFinding({ key: 'b' })]);
    assert.equal(told, 2);
    end();
    findings.report('a/1', []);
    assert.equal(told, 2);
  });

  test('of one owner have one of each key', () => {
    const findings = new Findings();
    findings.report('a/1', [aFinding({ title: 'first' }), aFinding({ title: 'second' })]);
    assert.deepEqual(
      findings.all().map(({ title }) => title),
      ['first'],
    );
  });

  test('are logged once each, again when they come back or get graver', () => {
    const findings = new Findings();
    const log = recordingLog();
    logFindings(findings, log);
    const found = (change: Partial<Finding>): void => findings.report('a/1', [aFinding(change)]);
    found({});
    found({ message: 'It is odder.' });
    assert.deepEqual(log.lines, ['warn Odd. It is odd.']);
    found({ severity: 'problem' });
    found({ severity: 'info' });
    assert.equal(log.lines.length, 2);
    findings.report('a/1', []);
    found({ severity: 'info', remedy: 'Look.' });
    assert.equal(log.lines[2], 'info Odd. It is odd. Look.');
  });

  test('count on the device of Labkeeper, what is only good to know apart', () => {
    const known = { version: '1', started: 0, devices: 0, messages: null, memoryBytes: 0, systems: [] };
    const of = (...severities: Finding['severity'][]) =>
      selfOf({ ...known, findings: severities.map((severity) => aFinding({ severity })) }).readings;
    const { findings, problem } = of('info', 'warning', 'warning');
    assert.deepEqual([findings, problem], [2, false]);
    assert.equal(of('info').findings, 0);
    assert.equal(of('problem').problem, true);
  });
});

suite('findings of a source', () => {
  test('go with its session', async () => {
    const clock = new FakeClock();
    const findings = new Findings();
    let context: SourceContext | undefined;
    const source = defineSource({
      ...{ id: 'x', title: 'X', options: Type.Object({}), kinds: [], budget: 1 },
      open: (_, given) => {
        context = given;
        return { tasks: [], watches: [], capabilities: {}, refresh: () => {}, close: async () => {} };
      },
    }) as unknown as Source;
    const engine = new Engine([{ source, id: 'home', title: 'Home', options: {} }], {
      ...{
        store: new Store<LabResource>(),
        clock,
        random: () => 0.5,
        log: silentLog,
        database: memoryDatabase(),
      },
      intervals: { fast: 30, slow: 60, rare: 600 },
      onFindings: (owner, found) => findings.report(owner, found),
    });
    engine.start();
    context?.report([aFinding()]);
    assert.deepEqual(findings.all(), [{ ...aFinding(), owner: 'x/home' }]);
    await engine.close();
    assert.deepEqual(findings.all(), []);
    context?.report([aFinding()]);
    assert.deepEqual(findings.all(), [], 'nobody is left to take it back');
  });
});

suite('doubts of the lab', () => {
  test('are findings until they are settled', () => {
    const store = new Store<LabResource>();
    const findings = new Findings();
    const end = findInLab(store, findings);
    const give = (owner: string, ...things: readonly object[]): void =>
      store.replace(owner, things as LabResource[]);
    give('docker/nas', aHost(IP, HOSTNAME));
    give('proxmox/home', aGuest('100', IP));
    const [weak] = findings.all();
    assert.deepEqual([weak?.severity, weak?.about, weak?.owner], ['info', 'docker/nas/host/engine', 'lab']);
    assert.match(weak?.message ?? '', /ip:10\.0\.20\.5; candidates: 100\. But only a single address/);
    give('proxmox/home', { ...aGuest('100', IP), name: 'docker-vm' });
    assert.match(findings.all()[0]?.message ?? '', /candidates: docker-vm/, 'a new name is told');
    give('proxmox/home', aGuest('100', IP, HOSTNAME));
    assert.deepEqual(findings.all(), []);
    give('docker/nas', aHost(SMBIOS));
    give('proxmox/home', aGuest('100', SMBIOS), aGuest('101', SMBIOS));
    assert.equal(findings.all()[0]?.severity, 'warning');
    end();
    give('proxmox/home');
    assert.equal(findings.all().length, 1);
  });
});
