import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { nearest } from '../addon/src/config/hints.ts';
import { problems } from './helpers/options.ts';

const nas = { id: 'nas', url: 'unix:///var/run/docker.sock' };

suite('a misspelt option', () => {
  test('gets the key that was meant, of those at its level', () => {
    const keys = ['host', 'port', 'username', 'password', 'tls', 'token_id', 'log_level', 'verify_tls'];
    const meant: Readonly<Record<string, string>> = {
      usrname: 'username',
      usernmae: 'username',
      Username: 'username',
      user: 'username',
      pasword: 'password',
      passwrod: 'password',
      hots: 'host',
      tsl: 'tls',
      'token-id': 'token_id',
      tokenId: 'token_id',
      loglevel: 'log_level',
      verify: 'verify_tls',
    };
    for (const [given, wanted] of Object.entries(meant)) assert.equal(nearest(given, keys), wanted, given);
  });

  test('gets none where nothing is near', () => {
    for (const key of ['colour', 'x', '', 'id', 'a'.repeat(10_000)])
      assert.equal(nearest(key, ['host', 'port', 'username', 'tls']), undefined, key.slice(0, 20));
  });

  test('is told of with its hint, at each level', () => {
    const lines = problems({
      mqtt: { host: 'x', usrname: 'u' },
      langauge: 'de',
      docker: [{ ...nas, adress: 'x' }],
    });
    assert.deepEqual([...lines].sort(), [
      'docker[0].adress: there is no such option; did you mean “address”?',
      'langauge: there is no such option; did you mean “language”?',
      'mqtt.usrname: there is no such option; did you mean “username”?',
    ]);
  });

  test('in the name of a source is known although that source is not loaded', () => {
    assert.deepEqual(problems({ dokcer: [nas] }, {}), [
      'dokcer: there is no such option; did you mean “docker”?',
    ]);
  });

  test('that is required is one problem, not two', () => {
    assert.deepEqual(problems({ docker: [{ id: 'nas', ulr: nas.url }] }), [
      'docker[0].ulr: there is no such option; did you mean “url”?',
    ]);
    const token = { id: 'home', urls: ['https://pve:8006'], token_id: 'lab@pve!keeper', tokn_secret: 'x' };
    assert.deepEqual(problems({ proxmox: [token] }), [
      'proxmox[0].tokn_secret: there is no such option; did you mean “token_secret”?',
    ]);
  });

  test('does not hide what is wrong with the option beside it', () => {
    assert.deepEqual(problems({ docker: [{ ...nas, url: 'ftp://x', ulr: nas.url }] }), [
      'docker[0].ulr: there is no such option',
      'docker[0].url: must look like unix:///var/run/docker.sock or http://host:2375 or https://host:2376 or ssh://user@host',
    ]);
  });

  test('cannot pass itself off as another line', () => {
    assert.deepEqual(
      problems({ 'x\ny: is missing': 1, 'a.b': 1, __proto__x: 1 }).map((line) => line.split(':')[0]),
      ['["x\\ny', '["a.b"]', '__proto__x'],
    );
  });
});
