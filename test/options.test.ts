import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { pathsOf, problems } from './helpers/options.ts';

const nas = { id: 'nas', url: 'unix:///var/run/docker.sock' };

suite('options', () => {
  test('may be empty, or have everything', () => {
    assert.deepEqual(problems({}), []);
    assert.deepEqual(problems({ docker: [] }), []);
    const all = {
      mqtt: {
        host: 'core-mosquitto',
        port: 1883,
        username: 'u',
        password: 'p',
        tls: true,
        ca: '/ssl/ca.pem',
      },
      discovery_prefix: 'home/assistant',
      site: 'garage',
      language: 'de',
      entities: 'all',
      controls: 'primary',
      log_level: 'debug',
      docker: [
        { ...nas, title: 'NAS', area: 'Rack', address: 'nas.lan', forget_after: 0 },
        { id: 'pi', url: 'https://pi:2376', fingerprint: 'AB:'.repeat(31).concat('AB') },
        { id: 'dev', url: 'tcp://dev:2375', ca: '/ssl/ca.pem', cert: '/ssl/cert.pem', key: '/ssl/key.pem' },
      ],
    };
    assert.deepEqual(problems(all), []);
  });

  test('that are wrong are all shown at once, each with its path, each once', () => {
    const lines = problems({
      mqtt: { port: 70_000, hots: 'x' },
      language: 'fr',
      docker: [nas, { id: 'pi', url: 'ftp://pi' }, {}],
      truenas: [],
    });
    assert.deepEqual(pathsOf(lines), [
      'docker[1].url',
      'docker[2].id',
      'docker[2].url',
      'language',
      'mqtt.hots',
      'mqtt.port',
      'truenas',
    ]);
    for (const line of lines) assert.match(line, /^\S+: \S.*/);
    assert.ok(lines.includes('docker[2].url: is missing'));
    assert.ok(lines.includes('language: must be one of en, de'));
    assert.ok(lines.includes('truenas: there is no such option'));
    assert.ok(lines.includes('mqtt.hots: there is no such option; did you mean “host”?'));
  });

  test('give each system an id of its own', () => {
    assert.deepEqual(problems({ docker: [nas, { ...nas, id: 'pi' }, nas, nas] }), [
      'docker[2].id: “nas” is taken by docker[0]',
      'docker[3].id: “nas” is taken by docker[0]',
    ]);
  });

  test('that are no options at all are said to be none', () => {
    for (const options of [null, [], 'mqtt', 5]) {
      assert.deepEqual(pathsOf(problems(options)), ['options'], JSON.stringify(options));
    }
  });

  test('of the wrong shape are shown where they are', () => {
    assert.deepEqual(pathsOf(problems({ docker: nas })), ['docker']);
    assert.deepEqual(pathsOf(problems({ docker: ['nas', null] })), ['docker[0]', 'docker[1]']);
    assert.deepEqual(problems({ mqtt: 'core-mosquitto' }), ['mqtt: must be a group of options']);
    assert.deepEqual(problems({ docker: null }), ['docker: is empty; give it a value, or remove the line']);
    assert.deepEqual(problems({ mqtt: { username: 4711, tls: 'maybe' } }), [
      'mqtt.username: must be a text; put it in quotes',
      'mqtt.tls: must be true or false',
    ]);
  });

  test('with an engine address that cannot work are refused', () => {
    for (const url of ['/var/run/docker.sock', 'unix://', 'nas:2375', 'http://', 'https://nas/path', '']) {
      assert.deepEqual(pathsOf(problems({ docker: [{ ...nas, url }] })), ['docker[0].url'], url);
    }
    for (const fingerprint of ['', 'AB', 'AB'.repeat(33), 'XY'.repeat(32)]) {
      assert.deepEqual(pathsOf(problems({ docker: [{ ...nas, fingerprint }] })), ['docker[0].fingerprint']);
    }
  });
});

test('however many are wrong, all are shown', () => {
  const systems = Array.from({ length: 20 }, (_, index) => ({ id: `nas${index}`, url: 'ftp://x' }));
  assert.equal(problems({ docker: systems }).length, 20);
});
