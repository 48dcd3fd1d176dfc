import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { placesOf } from '../addon/src/sources/docker/guard/places.ts';
import type { WholeInspect, WholeMount } from '../addon/src/sources/docker/update/anatomy.ts';

const VOLUMES = '/var/lib/docker/volumes';
const volume = (name: string, to = '/data', RW = true): WholeMount => ({
  ...{ Type: 'volume', Name: name, Source: `${VOLUMES}/${name}/_data`, Destination: to, RW },
});
const bind = (from: string, to = '/data', RW = true): WholeMount => ({
  ...{ Type: 'bind', Source: from, Destination: to, RW },
});
const container = (name: string, ...mounts: readonly WholeMount[]): WholeInspect => ({
  ...{ Id: `id of ${name}`, Name: `/${name}`, Image: 'x', Config: { Image: 'x:1' }, HostConfig: {} },
  State: { Status: 'running', ExitCode: 0, StartedAt: '' },
  Mounts: mounts,
});

/** What of `mounts` is copied, by its source, and what is left, where `others` are on the engine. */
function found(mounts: readonly WholeMount[], ...others: readonly WholeInspect[]) {
  const web = container('web', ...mounts);
  const { own, left } = placesOf([web], [web, ...others]);
  return { own: own.map(({ source }) => source), left };
}

suite('what a copy can keep of a container', () => {
  test('is what it alone may write to', () => {
    const mounts = [
      ...[volume('config', '/config'), bind('/srv/web', '/srv'), bind('/srv/films', '/films', false)],
      ...[
        bind('/var/run/docker.sock', '/var/run/docker.sock'),
        { Type: 'tmpfs', Destination: '/tmp', RW: true },
      ],
    ];
    assert.deepEqual(found(mounts), { own: ['config', '/srv/web'], left: [] });
  });

  test('is nothing that another writes to as well, which is named', () => {
    const mounts = [volume('media', '/media'), bind('/srv/films', '/films')];
    const reader = container('reader', volume('media', '/m', false));
    assert.deepEqual(found(mounts, reader).own, ['media', '/srv/films']);
    const writer = container('plex', volume('media'), bind('/srv/films/new'));
    assert.deepEqual(found(mounts, writer), {
      own: [],
      left: ['/media (volume media): plex writes to it, too', '/films (/srv/films): plex writes to it, too'],
    });
    assert.deepEqual(found(mounts, container('files', bind('/srv'))).left, [
      '/films (/srv/films): files writes to it, too',
    ]);
    assert.deepEqual(found(mounts, container('other', bind('/srv/films2'), volume('media2'))).left, []);
  });

  test('is a volume of its own also where somebody looks after all volumes', () => {
    const agent = container('agent', bind(VOLUMES), bind('/', '/host'));
    assert.deepEqual(found([volume('config'), bind('/opt/web')], agent), {
      own: ['config', '/opt/web'],
      left: [],
    });
    const peeping = container('peeping', bind(`${VOLUMES}/config/_data/sub`));
    assert.deepEqual(found([volume('config')], peeping).own, []);
  });

  test('does not mind a helper that an earlier update left', () => {
    const helper = container('labkeeper-copy-0123', volume('data'));
    const labels = { ...helper, Config: { ...helper.Config, Labels: { 'labkeeper.helper': 'copy' } } };
    assert.deepEqual(found([volume('data')], helper).own, []);
    assert.deepEqual(found([volume('data')], labels).own, ['data']);
  });

  test('is never a folder that the whole machine lives by', () => {
    for (const folder of [
      '/',
      '/etc',
      '/etc/',
      '/home',
      '/srv',
      '/proc/sys',
      '/dev/dri',
      '/run/dbus',
      '/usr/share',
    ]) {
      assert.deepEqual(found([bind(folder)]), {
        own: [],
        left: [`/data (${folder}): the machine lives by it`],
      });
    }
    for (const folder of ['/home/me/web', '/srv/web', '/mnt/tank/web', '/var/lib/web', '/procedures']) {
      assert.deepEqual(found([bind(folder)]).own, [folder]);
    }
  });

  test('is one place where several that are updated together use it', () => {
    const both = [container('web', volume('data')), container('side', volume('data', '/d'))];
    assert.deepEqual(placesOf(both, both), {
      own: [{ type: 'volume', source: 'data', about: '/d (volume data)' }],
      left: [],
    });
  });
});
