import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isLoopback, parseReference } from '../addon/src/sources/docker/registry/reference.ts';

const SHA = `sha256:${'a1'.repeat(32)}`;

suite('the name of an image', () => {
  const named: [
    text: string,
    registry: string,
    repository: string,
    tag?: string | undefined,
    digest?: string,
  ][] = [
    ['nginx', 'docker.io', 'library/nginx', 'latest'],
    ['nginx:1.27', 'docker.io', 'library/nginx', '1.27'],
    ['docker.io/nginx', 'docker.io', 'library/nginx', 'latest'],
    ['index.docker.io/library/nginx:1', 'docker.io', 'library/nginx', '1'],
    ['registry-1.docker.io/nginx', 'docker.io', 'library/nginx', 'latest'],
    ['plexinc/pms-docker:plexpass', 'docker.io', 'plexinc/pms-docker', 'plexpass'],
    ['lscr.io/linuxserver/plex', 'lscr.io', 'linuxserver/plex', 'latest'],
    ['ghcr.io/a/b/c:v1', 'ghcr.io', 'a/b/c', 'v1'],
    ['localhost/x', 'localhost', 'x', 'latest'],
    ['localhost:5000/x:y', 'localhost:5000', 'x', 'y'],
    ['registry.lan:5000/x', 'registry.lan:5000', 'x', 'latest'],
    ['nas:5000/x', 'nas:5000', 'x', 'latest'],
    ['Registry.LAN/x', 'registry.lan', 'x', 'latest'],
    ['[2001:db8::1]:5000/x:1', '[2001:db8::1]:5000', 'x', '1'],
    [`nginx@${SHA}`, 'docker.io', 'library/nginx', undefined, SHA],
    [`nginx:1.27@${SHA}`, 'docker.io', 'library/nginx', '1.27', SHA],
    ['a__b/c--d.e_f:_tag', 'docker.io', 'a__b/c--d.e_f', '_tag'],
    // No dot and no port: that is a user of Docker Hub, not a host.
    ['nas/x', 'docker.io', 'nas/x', 'latest'],
  ];
  for (const [text, registry, repository, tag, digest] of named) {
    test(`is read: ${text.slice(0, 60)}`, () => {
      assert.deepEqual(parseReference(text), { registry, repository, tag, digest });
    });
  }

  const nameless = [
    '',
    ' ',
    '/',
    'nginx ',
    'nginx\n',
    'nginx:',
    ':latest',
    'nginx:a:b',
    'nginx:ta g',
    'nginx@',
    'nginx@sha256:12',
    `nginx@${SHA}@${SHA}`,
    `nginx@md5:${'a'.repeat(32)}`,
    'Nginx',
    'a//b',
    'a/../b',
    '../x',
    'registry.lan/../../etc/passwd',
    'registry.lan/%2e%2e/x',
    'registry.lan/x?y=1',
    'registry.lan/x#y',
    'user:password@registry.lan/x',
    'registry.lan:0/x',
    'registry.lan:65536/x',
    'registry.lan:999999/x',
    'registry.lan:5000@evil.example/x',
    'http://registry.lan/x',
    'https://registry.lan/x',
    '-bad.example/x',
    'bad-.example/x',
    'a..b/x',
    '.example/x',
    'exämple.com/x',
    'registry.lan/ｎginx',
    '[::1/x',
    '[evil.example]/x',
    `${'a'.repeat(300)}/x`,
    `x:${'t'.repeat(129)}`,
    'a-'.repeat(5_000),
    'a/'.repeat(200),
    'nginx:latest\r\nHost: evil.example',
    SHA,
    'a1'.repeat(32),
  ];
  for (const text of nameless) {
    test(`is none: ${JSON.stringify(text.slice(0, 60))}`, () =>
      assert.equal(parseReference(text), undefined));
  }

  test('tells the machine itself from others', () => {
    for (const host of [
      'localhost',
      'LOCALHOST:5000',
      '127.0.0.1',
      '127.9.9.9:80',
      '[::1]:5000',
      'x.localhost',
    ])
      assert.equal(isLoopback(host), true, host);
    for (const host of [
      'localhost.example',
      '128.0.0.1',
      'registry.lan:5000',
      '127.example',
      '[2001:db8::1]',
    ])
      assert.equal(isLoopback(host), false, host);
  });
});
