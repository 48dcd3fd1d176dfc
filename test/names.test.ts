import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { deviceNames } from '../addon/src/entities/names.ts';
import { aContainer, aHost } from './helpers/samples.ts';

suite('device names', () => {
  const host = aHost();
  const pi = aHost({ id: 'docker/pi/host/engine', name: 'Pi' });
  const web = aContainer({ id: 'docker/nas/container/web', name: 'web', parent: host.id });

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

  test('that two bear stay where nothing contains them', () => {
    const twin = { ...pi, name: host.name };
    assert.deepEqual([...deviceNames([host, twin]).values()], ['NAS', 'NAS']);
    const orphan = aContainer({ id: 'docker/pi/container/web', name: 'web', parent: 'docker/pi/stack/gone' });
    assert.equal(deviceNames([host, web, orphan]).get(orphan.id), 'web');
  });

  test('are one short line, whatever the lab says', () => {
    const names = (name: string): string | undefined => deviceNames([{ ...host, name }]).get(host.id);
    assert.equal(names(' a\u0000\n\tb '), 'a b');
    assert.equal(names('\n'), 'unnamed');
    assert.equal(names('x'.repeat(500))?.length, 100);
  });

  test('that differ only in what is not shown count as the same', () => {
    const twin = aContainer({ id: 'docker/nas/container/web2', name: ' web\n', parent: host.id });
    assert.equal(deviceNames([host, web, twin]).get(web.id), 'web (NAS)');
  });
});
