import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { problems } from './helpers/options.ts';

const HOST_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIbXp0EJFmyqMtRgwuoJGuLm4YzqyN8F5e2V3Jg8xq1k';

suite('the options of a Docker engine', () => {
  const of = (options: object): readonly string[] => problems({ docker: [{ id: 'nas', ...options }] });

  test('by SSH want the host’s key and a key file', () => {
    const ssh = { url: 'ssh://me@host', host_key: HOST_KEY, identity_file: '/config/key' };
    assert.deepEqual(of(ssh), []);
    assert.deepEqual(of({ ...ssh, url: 'ssh://me@[fd00::1]:2222/' }), []);
    assert.deepEqual(of({ ...ssh, host_key: `${HOST_KEY} root@host` }), []);
    assert.deepEqual([...of({ url: 'ssh://me@host' })].sort(), [
      'docker[0].host_key: is missing, ssh:// needs it',
      'docker[0].identity_file: is missing, ssh:// needs it',
    ]);
    assert.deepEqual(of({ url: 'http://host:2375', identity_file: '/key' }), [
      'docker[0].identity_file: is for an address that begins with ssh://',
    ]);
  });

  test('by SSH take nothing that `ssh` would take for an option', () => {
    for (const url of [
      'ssh://-oProxyCommand=x@host',
      'ssh://me@-host',
      'ssh://host',
      'ssh://me@a b',
      'ssh://me@h@x',
    ])
      assert.match(
        of({ url, host_key: HOST_KEY, identity_file: '/k' })[0] ?? '',
        /docker\[0\]\.url: must look like/,
        url,
      );
    for (const host_key of [
      'AAAA',
      `${HOST_KEY}\nother ssh-rsa AAAA`,
      'host ssh-ed25519 AAAA',
      '@revoked * ssh-rsa A',
    ])
      assert.match(
        of({ url: 'ssh://me@host', host_key, identity_file: '/k' })[0] ?? '',
        /host_key/,
        host_key,
      );
  });

  test('by way of Portainer want its address and a token', () => {
    const portainer = { url: 'https://portainer.lan:9443', portainer_key: 'ptr_x', environment: '2' };
    assert.deepEqual(of(portainer), []);
    assert.deepEqual(of({ ...portainer, url: 'unix:///var/run/docker.sock' }), [
      'docker[0].url: has to be http:// or https:// with portainer_key',
    ]);
    assert.deepEqual(of({ url: 'https://portainer.lan', environment: '2' }), [
      'docker[0].portainer_key: is missing, it belongs to environment',
    ]);
  });
});
