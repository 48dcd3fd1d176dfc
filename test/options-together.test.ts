import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { optionsSchema } from '../addon/src/config/options.ts';
import { secretsOf, withoutSecrets } from '../addon/src/config/secrets.ts';
import { validateOptions } from '../addon/src/config/validate.ts';
import { problems, SOURCES } from './helpers/options.ts';

suite('our own broker', () => {
  test('needs a user name and a password as soon as others reach it', () => {
    const lines = problems({ mqtt: { listen: '0.0.0.0' } });
    assert.deepEqual(
      lines.map((line) => line.split(': ').slice(0, 2).join(': ')),
      ['mqtt.username: is missing', 'mqtt.password: is missing'],
    );
    assert.match(lines[0] ?? '', /0\.0\.0\.0.* others reach our own broker/);
    const user = { username: 'homeassistant' };
    assert.equal(problems({ mqtt: { listen: '::', ...user } }).length, 1);
    assert.equal(problems({ mqtt: { listen: '192.168.1.5', username: '', password: '' } }).length, 2);
    assert.deepEqual(problems({ mqtt: { listen: '0.0.0.0', ...user, password: 'p' } }), []);
    for (const listen of ['127.0.0.1', '127.9.9.9', '::1', 'localhost'])
      assert.deepEqual(problems({ mqtt: { listen } }), [], listen);
  });

  test('is not asked for together with another one', () => {
    assert.deepEqual(problems({ mqtt: { host: 'core-mosquitto', listen: '127.0.0.1' } }), [
      'mqtt.listen: is for our own broker, and mqtt.host names another; remove one',
    ]);
  });
});

test('the way to Home Assistant is an address and a token, or neither', () => {
  const url = 'http://homeassistant.local:8123';
  assert.deepEqual(problems({ homeassistant: {} }), []);
  assert.deepEqual(problems({ homeassistant: { url, token_file: '/t' } }), []);
  assert.deepEqual(problems({ homeassistant: { url } }), [
    'homeassistant.token_file: is missing, it belongs to url',
  ]);
  assert.deepEqual(problems({ homeassistant: { token_file: '/t' } }), [
    'homeassistant.url: is missing, it belongs to token_file',
  ]);
});

suite('a Proxmox VE system', () => {
  const home = { id: 'home', urls: ['https://pve1:8006'] };
  const token = { token_id: 'labkeeper@pve!homeassistant', token_secret: 's3cret' };
  const user = { username: 'labkeeper@pve', password: 'p4ssword' };

  test('is reached with a token, or with a user and password', () => {
    assert.deepEqual(problems({ proxmox: [{ ...home, ...token }] }), []);
    assert.deepEqual(problems({ proxmox: [{ ...home, ...user }] }), []);
    assert.deepEqual(problems({ proxmox: [home] }), [
      'proxmox[0]: needs token_id and token_secret, or username and password',
    ]);
    assert.deepEqual(problems({ proxmox: [{ ...home, token_id: token.token_id }] }), [
      'proxmox[0].token_secret: is missing, it belongs to token_id',
    ]);
    assert.deepEqual(problems({ proxmox: [{ ...home, password: 'p' }] }), [
      'proxmox[0].username: is missing, it belongs to password',
    ]);
    assert.match(
      problems({ proxmox: [{ ...home, ...token, ...user }] }).join(),
      /^proxmox\[0\]\.username: is for use/,
    );
  });

  test('is told what belongs together along with everything else', () => {
    assert.deepEqual(problems({ proxmox: [{ id: 'HOME', urls: [], username: 'root' }] }), [
      'proxmox[0].id: must look like nas (1 to 16 of a-z and 0-9)',
      'proxmox[0].urls: needs at least 1 entry',
      'proxmox[0].username: must look like labkeeper@pve',
      'proxmox[0].password: is missing, it belongs to username',
    ]);
  });

  test('has addresses, users and tokens as Proxmox VE writes them', () => {
    for (const url of ['http://pve:8006', 'pve', 'https://', 'https://pve:8006/api2/json', 'https://p ve'])
      assert.deepEqual(problems({ proxmox: [{ ...home, ...token, urls: [url] }] }), [
        'proxmox[0].urls[0]: must look like https://pve1.lan:8006',
      ]);
    for (const url of ['https://pve.lan:8006/', 'https://[fd00::1]:8006', 'https://pve'])
      assert.deepEqual(problems({ proxmox: [{ ...home, ...token, urls: [url] }] }), [], url);
    for (const id of ['root@pam', 'root!x', 'labkeeper@pve!', 'labkeeper!x@pve'])
      assert.equal(problems({ proxmox: [{ ...home, ...token, token_id: id }] }).length, 1, id);
    for (const username of ['root@pam', 'me@example.org@oidc', 'a.b-c_d@ldap.corp'])
      assert.deepEqual(problems({ proxmox: [{ ...home, ...user, username }] }), [], username);
  });
});

suite('options that were left out', () => {
  test('have their default, where they have one', () => {
    const options = validateOptions(SOURCES, {
      mqtt: { host: 'broker' },
      docker: [{ id: 'nas', url: 'http://nas:2375' }],
    });
    assert.equal(options.entities, 'standard');
    assert.equal(options.allow, 'operate');
    assert.deepEqual(options.mqtt, {
      host: 'broker',
      tls: false,
      birth_topic: 'homeassistant/status',
      birth_payload: 'online',
    });
    assert.deepEqual(options.docker, [
      {
        ...{ id: 'nas', url: 'http://nas:2375', image_updates: true, forget_after: 60 },
        ...{ compose_image: 'docker:cli', update_protection: 'none' },
      },
    ]);
    assert.equal(options.proxmox, undefined);
    assert.equal(options.site, undefined);
  });

  test('are added to a copy', () => {
    const given = Object.freeze({ docker: Object.freeze([Object.freeze({ id: 'a', url: 'http://a:1' })]) });
    assert.equal(validateOptions(SOURCES, given).language, 'en');
    assert.deepEqual(Object.keys(given), ['docker']);
  });
});

test('every secret is known, wherever it is, and nothing else', () => {
  const options = {
    mqtt: { host: 'broker', username: 'someone', password: 'secret-1' },
    proxmox: [
      { id: 'a', urls: ['https://a'], token_id: 'u@pve!t', token_secret: 'secret-2' },
      { id: 'b', urls: ['https://b'], username: 'u@pve', password: 'secret-3' },
    ],
    docker: [{ id: 'c', url: 'http://c' }],
    registries: [{ host: 'ghcr.io', username: 'someone', password: 'secret-4' }],
    unknown: { password: 'not ours' },
  };
  assert.deepEqual([...secretsOf(optionsSchema(SOURCES), options)].sort(), [
    'secret-1',
    'secret-2',
    'secret-3',
    'secret-4',
  ]);
  for (const odd of [null, 'x', [], { mqtt: null, proxmox: 'x' }, { proxmox: [null, 'x', { password: 5 }] }])
    assert.deepEqual(secretsOf(optionsSchema(SOURCES), odd), []);
  const shown = withoutSecrets(optionsSchema(SOURCES), {
    ...{ mqtt: { host: 'h', password: 'abc' }, registries: options.registries },
    proxmox: [{ id: 'a', token_secret: 'x' }, null],
  });
  assert.deepEqual(shown, {
    ...{ mqtt: { host: 'h', password: '***' } },
    registries: [{ host: 'ghcr.io', username: 'someone', password: '***' }],
    proxmox: [{ id: 'a', token_secret: '***' }, null],
  });
});

test('no problem repeats a value, which may be a secret in the wrong place', () => {
  const secret = 'hunter2-hunter2';
  const lines = problems({
    mqtt: { port: secret, tls: secret, birth_topic: `${secret}#`, hots: secret },
    language: secret,
    site: secret,
    include: secret,
    docker: [{ id: secret, url: secret, fingerprint: secret, forget_after: secret }, secret],
    proxmox: [{ id: 'x', urls: [secret], username: secret, token_id: secret, password: [secret] }],
  });
  assert.ok(lines.length >= 14, String(lines.length));
  assert.doesNotMatch(lines.join('\n'), /hunter2/);
});
