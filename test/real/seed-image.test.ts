import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, suite, test } from 'node:test';
import { isoImage } from '../../addon/src/core/iso9660.ts';
import { seedImage } from '../../addon/src/sources/proxmox/provision/seed.ts';

const NOW = Date.UTC(2026, 10, 30, 12, 34, 56);
const USER_DATA = '#cloud-config\npackages: [htop]\n';
const ABOUT = {
  ...{ instance: 'web-200-1a2b3c4d', name: 'web', user: 'anna', keys: ['ssh-ed25519 AAAA anna'] },
  ...{ ip: '10.0.20.5/24', gateway: '10.0.20.1', dns: ['10.0.20.1'], domain: 'lab.lan' },
};

suite('an image with user data, as other programs read it', () => {
  let folder: string;
  let file: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'seed-'));
    file = path.join(folder, 'seed.iso');
    writeFileSync(file, seedImage(ABOUT, USER_DATA, NOW));
  });
  after(() => rmSync(folder, { recursive: true }));

  const isoinfo = (...more: readonly string[]): string =>
    execFileSync('isoinfo', ['-i', file, ...more], { encoding: 'utf8' });
  const read = (name: string): string => isoinfo('-J', '-x', `/${name};1`);

  test('has the label that cloud-init looks for', () => {
    assert.equal(
      execFileSync('blkid', ['-p', '-s', 'LABEL', '-o', 'value', file], { encoding: 'utf8' }).trim(),
      'cidata',
    );
    assert.match(isoinfo('-d'), /Volume id: cidata\n.*Joliet with UCS level 3 found/s);
  });

  test('lists its files under their own names, and under short ones for who cannot read those', () => {
    const names = (list: string): readonly string[] =>
      [...list.matchAll(/\] +(\S+?);1/g)].map(([, name = '']) => name).sort();
    assert.deepEqual(names(isoinfo('-J', '-l')), ['meta-data', 'network-config', 'user-data']);
    assert.deepEqual(names(isoinfo('-l')), ['FILE0.', 'FILE1.', 'FILE2.']);
  });

  test('gives back what was put in, byte by byte, whatever its size', () => {
    assert.equal(read('meta-data'), 'instance-id: web-200-1a2b3c4d\nlocal-hostname: web\n');
    assert.match(read('network-config'), /addresses:\n +- 10\.0\.20\.5\/24/);
    for (const size of [0, 1, 2_047, 2_048, 2_049, 70_000]) {
      const data = Buffer.from('x'.repeat(size));
      writeFileSync(
        file,
        isoImage(
          'cidata',
          [
            { name: 'a', data },
            { name: 'user-data', data: Buffer.from('end') },
          ],
          NOW,
        ),
      );
      assert.deepEqual([read('a').length, read('user-data')], [size, 'end']);
    }
    writeFileSync(file, seedImage(ABOUT, USER_DATA, NOW));
  });

  test('holds the user data and what is done beside it, which Python reads as a message of parts', () => {
    const program = `
import email, json, sys
parts = [p for p in email.message_from_string(sys.stdin.read()).walk() if not p.is_multipart()]
print(json.dumps([[p.get_content_type(), p['Merge-Type'], p.get_payload(decode=True).decode()] for p in parts]))`;
    const parts = JSON.parse(
      execFileSync('python3', ['-c', program], { input: read('user-data'), encoding: 'utf8' }),
    ) as readonly (readonly string[])[];
    assert.deepEqual(
      parts.map(([type]) => type),
      ['text/cloud-config', 'text/cloud-config'],
    );
    assert.equal(parts[0]?.[2], USER_DATA);
    assert.match(parts[1]?.[2] ?? '', /packages:\n +- qemu-guest-agent/);
    assert.match(parts[1]?.[1] ?? '', /list\(append\)/);
  });
});
