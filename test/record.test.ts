import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { PLANTED, plantedLab, wordyLab } from './helpers/planted-lab.ts';
import { recordingOf, replayed } from './helpers/recording.ts';

suite('a recording', () => {
  let lab: Awaited<ReturnType<typeof plantedLab>>;
  let recording: Awaited<ReturnType<typeof recordingOf>>;

  before(async () => {
    recording = await recordingOf(async (clock) => {
      lab = await plantedLab(clock);
      return lab;
    });
  });

  after(() => recording.remove());

  test('is a file for its owner only, of lines of JSON', () => {
    const { written, text } = recording;
    assert.equal(statSync(written.file).mode & 0o777, 0o600);
    const [head, ...lines] = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      head.systems.map(({ id }: { id: string }) => id),
      ['docker1', 'proxmox2', 'pbs3', 'gpu4', 'redfish5', 'unifi6', 'pulse7'],
    );
    assert.equal(lines.length, written.requests);
    for (const system of [0, 1, 2, 3, 4, 5, 6])
      assert.ok(lines.some((line) => line.system === system && line.status === 200));
  });

  test('holds nothing of what was planted, in no encoding', () => {
    // Pulse itself calls its hosts of Docker nearly as the lab calls one.
    const text = recording.text.replaceAll('"dockerHosts":', '');
    for (const planted of [...PLANTED, ...lab.secrets]) {
      const plain = Buffer.from(planted, 'utf8');
      const spelled = [
        planted,
        encodeURIComponent(planted),
        planted.replaceAll(/[:.-]/g, ''),
        planted.replaceAll('.', '-'),
        plain.toString('hex'),
        // Wherever in a longer text it stands.
        ...[0, 1, 2].map((offset) =>
          Buffer.concat([Buffer.alloc(offset), plain])
            .toString('base64')
            .slice(offset === 0 ? 0 : 4, -4),
        ),
      ];
      for (const one of spelled) {
        assert.ok(one.length >= 4, planted);
        const at = text.toLowerCase().indexOf(one.toLowerCase());
        assert.equal(at, -1, `${planted} as ${one}: ${text.slice(Math.max(0, at - 80), at + 80)}`);
      }
    }
  });

  test('was planted where it could be found', () => {
    const all = recording.heard.toLowerCase();
    for (const planted of PLANTED) assert.ok(all.includes(planted.toLowerCase()), planted);
  });

  test('played back makes the same lab of it', async () => {
    const { seen, resources, unknown, log } = await replayed(recording.written.file);
    assert.deepEqual(seen, recording.seen, log.join('\n'));
    assert.deepEqual(unknown, []);
    const names = resources.map(({ name }) => name.toLowerCase()).join(' ');
    for (const planted of PLANTED) assert.ok(!names.includes(planted.toLowerCase()), names);
  });
});

test('a lab whose things are called as interfaces call theirs comes back whole', async () => {
  const { written, seen, remove } = await recordingOf(wordyLab);
  try {
    const again = await replayed(written.file);
    assert.deepEqual(again.seen, seen, again.log.join('\n'));
    assert.deepEqual(again.unknown, []);
    const names = again.resources.map(({ name }) => name);
    for (const word of ['status', 'qemu', 'storage', 'content', 'docker-running', 'containers']) {
      assert.ok(!names.includes(word), `${word} in ${names.join(' ')}`);
    }
  } finally {
    remove();
  }
});
