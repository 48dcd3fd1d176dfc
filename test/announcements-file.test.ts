import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { loadAnnouncements } from '../addon/src/config/announcements.ts';
import { RULE_IDS } from '../addon/src/contract/announcements.ts';

suite('the file of announcements', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'labkeeper-'));
    file = path.join(folder, 'announcements.yaml');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is written where there is none, and is right', async () => {
    assert.deepEqual(await loadAnnouncements(folder), {});
    assert.match(readFileSync(file, 'utf8'), /^# .*\n/);
    assert.equal((await loadAnnouncements(folder)).chime, true);
    assert.deepEqual(await loadAnnouncements(undefined), {});
    assert.deepEqual(await loadAnnouncements(path.join(folder, 'no-such-folder')), {});
  });

  test('counts as a person left it', async () => {
    writeFileSync(
      file,
      'targets: [media_player.kitchen]\nareas: [Hall]\nvoice: emily-en\nvolume: 40\nengine: tts.piper\n',
    );
    assert.deepEqual(await loadAnnouncements(folder), {
      ...{ targets: ['media_player.kitchen'], areas: ['Hall'], voice: 'emily-en', volume: 40 },
      engine: 'tts.piper',
    });
  });

  test('has a line for each rule, and every one of them is off', async () => {
    await loadAnnouncements(folder);
    const { rules = {}, quiet } = await loadAnnouncements(folder);
    assert.deepEqual(Object.keys(rules).sort(), [...RULE_IDS].sort());
    assert.ok(Object.values(rules).every(({ enabled }) => enabled === false));
    assert.deepEqual(quiet, { from: '22:00', to: '07:00' });
  });

  test('tells all that is wrong with the rules', async () => {
    writeFileSync(
      file,
      'quiet: {from: "22:00", to: "25:00"}\nrules:\n  degraded_pols: {enabled: true}\n  wan_down: {enabled: maybe, above: 3}\n' +
        '  hot_server: {enabled: true, above: 500, text: {fr: {one: x}}}\n',
    );
    await assert.rejects(loadAnnouncements(folder), (error: Error) => {
      for (const line of [
        ...[
          /quiet\.to: must/,
          /rules\.degraded_pols: there is no such key here; did you mean “degraded_pool”\?/,
        ],
        ...[
          /rules\.wan_down\.above: there is no such key/,
          /rules\.wan_down\.enabled: must be true or false/,
        ],
        ...[/rules\.hot_server\.above: .*120/, /rules\.hot_server\.text\.fr: there is no such key/],
      ])
        assert.match(error.message, line);
      return true;
    });
  });

  test('tells all that is wrong, and where', async () => {
    writeFileSync(file, 'target: [media_player.kitchen]\nvolume: 140\nchime: loud\nengine: piper\n');
    await assert.rejects(loadAnnouncements(folder), (error: Error) => {
      assert.match(
        error.message,
        /announcements\.yaml: target: there is no such key here; did you mean “targets”\?/,
      );
      assert.match(error.message, /volume: .*100/);
      assert.match(error.message, /chime: must be/);
      assert.match(error.message, /engine: /);
      return true;
    });
  });
});
