import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { deviceNames } from '../addon/src/entities/names.ts';
import { aContainer, aHost } from './helpers/samples.ts';

suite('device names', () => {
  const host = aHost();
  const pi = aHost({ id: 'docker/pi/host/engine', name: 'Pi' });
  const web = aContainer({ id: 'docker/nas/container/web', name: 'web', parent: host.id });

  test('that differ in capitals only are the same one', () => {
    const names = deviceNames([
      aContainer({ id: 'a/b/container/x', name: 'pulse' }),
      aContainer({ id: 'a/b/container/y', name: 'Pulse' }),
      aContainer({ id: 'a/b/container/z', name: 'Plex' }),
    ]);
    assert.deepEqual([...names.values()], ['pulse (x)', 'Pulse (y)', 'Plex']);
  });

  test('are those of the lab', () => {
    assert.deepEqual([...deviceNames([host, web]).values()], ['NAS', 'web']);
  });

  test('that two bear get what contains them in brackets', () => {
    const other = aContainer({ id: 'docker/pi/container/web', name: 'web', parent: pi.id });
    const names = deviceNames([host, pi, web, other]);
    assert.equal(names.get(web.id), 'web (NAS)');
    assert.equal(names.get(other.id), 'web (Pi)');
    assert.equal(names.get(host.id), 'NAS');
  });

  test('that two bear within one thing get more of their ids', () => {
    const twin = aContainer({ id: 'docker/nas/container/web2', name: 'web', parent: host.id });
    const third = aContainer({ id: 'docker/nas/container/web3', name: 'web', parent: host.id });
    const far = aContainer({ id: 'docker/pi/container/web', name: 'web', parent: pi.id });
    assert.deepEqual(
      [...deviceNames([host, pi, web, twin, third, far]).values()],
      ['NAS', 'Pi', 'web (NAS, web)', 'web (NAS, web2)', 'web (NAS, web3)', 'web (Pi)'],
    );
  });

  test('differ even where nothing contains their bearers and their ids end alike', () => {
    const twin = { ...pi, name: host.name };
    const names = [...deviceNames([host, twin]).values()];
    assert.equal(new Set(names).size, 2);
    for (const name of names) assert.match(name, /^NAS \(/);
    const orphan = aContainer({ id: 'docker/pi/container/web', name: 'web', parent: 'docker/pi/stack/gone' });
    const all = deviceNames([host, web, orphan]);
    assert.deepEqual([all.get(web.id), all.get(orphan.id)], ['web (NAS)', 'web']);
  });

  test('may speak of what contains a bearer without bearing a name itself', () => {
    const other = aContainer({ id: 'docker/pi/container/web', name: 'web', parent: pi.id });
    const found = deviceNames([web, other], (id) => [host, pi].find((one) => one.id === id));
    assert.deepEqual([...found.values()], ['web (NAS)', 'web (Pi)']);
  });

  test('are one short line, whatever the lab says', () => {
    const names = (name: string): string | undefined => deviceNames([{ ...host, name }]).get(host.id);
    assert.equal(names(' a\u0000\n\tb '), 'a b');
    assert.equal(names('\n'), 'unnamed');
    assert.equal(names('x'.repeat(500))?.length, 100);
  });

  test('that differ only in what is not shown count as the same', () => {
    const twin = aContainer({ id: 'docker/pi/container/web', name: ' web\n', parent: pi.id });
    assert.equal(deviceNames([host, pi, web, twin]).get(web.id), 'web (NAS)');
  });
});
