import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { suite, test } from 'node:test';
import { objectId, slug } from '../addon/src/core/ids.ts';

/** As a user would compute it, to find a device again. */
const digest = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 8);

suite('object ids', () => {
  test('a plain resource id keeps its parts', () => {
    assert.equal(objectId('docker/nas/container/plex'), 'docker_nas_container_plex');
    assert.equal(objectId('docker/nas/container/my-app'), 'docker_nas_container_my-app');
  });

  test('what changes a part is paid for with a suffix', () => {
    for (const [id, spelled] of [
      ['docker/nas/container/media.plex.1', 'docker_nas_container_media-plex-1'],
      ['docker/nas/container/Plex', 'docker_nas_container_plex'],
      ['docker/nas/container/my_app', 'docker_nas_container_my-app'],
      ['docker/nas/container/größe', 'docker_nas_container_gr--e'],
    ] as const) {
      assert.equal(objectId(id), `${spelled}-${digest(id)}`);
    }
  });

  test('a known one never changes, since entities are found by it', () => {
    assert.equal(objectId('docker/nas/container/media.plex.1'), 'docker_nas_container_media-plex-1-21440a7a');
  });

  test('a site comes first and leaves the rest as it is', () => {
    assert.equal(objectId('docker/nas/container/plex', 'garage'), 'garage_docker_nas_container_plex');
    const id = 'docker/nas/container/a.b';
    assert.equal(objectId(id, 'garage'), `garage_${objectId(id)}`);
  });

  test('ids that differ in any way never meet', () => {
    const paths = [
      'a.b',
      'a-b',
      'a_b',
      'A-B',
      'a b',
      'ab',
      'aB',
      'a/b',
      'a//b',
      'ä',
      'ö',
      '.',
      '..',
      '-',
      '',
    ];
    const ids = paths.map((part) => objectId(`docker/nas/container/${part}`));
    assert.equal(new Set(ids).size, paths.length);
    // Not even the one that spells out another's suffix.
    const lost = objectId('docker/nas/container/a.b');
    assert.notEqual(objectId(`docker/nas/container/${lost.split('_').at(-1)}`), lost);
  });

  test('only what MQTT discovery takes is in one', () => {
    for (const part of ['a.b', 'ä+#', 'x y', '/', 'Ünïcode\u0000']) {
      assert.match(objectId(`docker/nas/container/${part}`), /^[a-z0-9_-]+$/);
    }
  });
});

suite('slugs', () => {
  test('spell a name as an entity id does', () => {
    assert.equal(slug('Mähdrescher 3'), 'mahdrescher_3');
    assert.equal(slug('  Web -- Server! '), 'web_server');
    assert.equal(slug('a.b_c'), 'a_b_c');
    assert.equal(slug('ﬁne'), 'fine');
  });

  test('are never empty', () => {
    assert.equal(slug('日本'), 'unnamed');
    assert.equal(slug(''), 'unnamed');
    assert.equal(slug('---'), 'unnamed');
  });
});
