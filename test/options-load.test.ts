import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, suite, test } from 'node:test';
import { loadOptions, parseOptions, readOptions } from '../addon/src/config/load.ts';
import { settingsOf } from '../addon/src/config/settings.ts';
import { LabError } from '../addon/src/core/errors.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'labkeeper-options-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const at = path.join(folder, name);
  writeFileSync(at, text);
  return at;
}

const refused = (message: RegExp) => (thrown: unknown) =>
  thrown instanceof LabError && thrown.code === 'options_invalid' && message.test(thrown.message);

suite('an options file', () => {
  test('is YAML or JSON, or empty', async () => {
    assert.deepEqual(await readOptions(file('a.yaml', 'docker:\n  - id: nas\n')), {
      docker: [{ id: 'nas' }],
    });
    assert.deepEqual(await readOptions(file('a.json', '{"docker": []}')), { docker: [] });
    assert.deepEqual(await readOptions(file('empty.yaml', '# nothing yet\n')), {});
  });

  test('that is missing or no YAML is named, with the line', async () => {
    await assert.rejects(readOptions(path.join(folder, 'none.yaml')), refused(/none\.yaml: ENOENT/));
    const broken = file('b.yaml', 'site: a\nsite: b\nmqtt: [\n');
    await assert.rejects(readOptions(broken), refused(/b\.yaml: line 2, column 1: Map keys must be unique/));
    await assert.rejects(
      parseOptions('a: !secret mqtt', 'o'),
      refused(/o: line 1, column 4: Unresolved tag/),
    );
  });

  test('that is no YAML is never quoted: a password may stand there', async () => {
    for (const text of [
      'password: *hunter2',
      'password: "hunter2',
      'password: hunter2: hunter2',
      'password: |hunter2',
      'password: !hunter2 x',
      'password: "x" hunter2',
      'password: [hunter2',
      'hunter2: 1\nhunter2: 2',
    ]) {
      await assert.rejects(
        parseOptions(text, 'options.yaml'),
        (thrown) => thrown instanceof LabError && !/hunter2/.test(thrown.message + thrown.hint),
        text,
      );
    }
  });
});

suite('settings', () => {
  test('have defaults for where it runs', () => {
    assert.deepEqual(settingsOf({}), {
      optionsFile: undefined,
      dataFolder: './data',
      configFolder: undefined,
      host: '127.0.0.1',
      mqttPort: 1883,
      httpPort: 8099,
      wyomingPort: 10_200,
      mqttPassword: undefined,
      supervisorToken: undefined,
      smbios: undefined,
      openOnLoopback: false,
    });
    const addon = settingsOf({ SUPERVISOR_TOKEN: 'token' });
    assert.equal(addon.dataFolder, '/data');
    assert.equal(addon.configFolder, '/config');
    assert.equal(addon.host, '0.0.0.0');
    assert.equal(addon.supervisorToken, 'token');
  });

  test('that are empty count as not set', () => {
    assert.deepEqual(
      settingsOf({ LABKEEPER_OPTIONS: '', LABKEEPER_DATA: '', LABKEEPER_HOST: '', LABKEEPER_HTTP_PORT: '' }),
      settingsOf({}),
    );
  });

  test('that are wrong are told of all at once', () => {
    assert.throws(
      () =>
        settingsOf({
          LABKEEPER_MQTT_PORT: '70000',
          LABKEEPER_HTTP_PORT: 'http',
          LABKEEPER_WYOMING_PORT: '-1',
        }),
      refused(
        /^LABKEEPER_MQTT_PORT: “70000” is no port\nLABKEEPER_HTTP_PORT: “http” is no port\nLABKEEPER_WYOMING_PORT: “-1” is no port$/,
      ),
    );
  });

  test('read a secret from the file that _FILE names, without its last line break', () => {
    const LABKEEPER_MQTT_PASSWORD_FILE = file('password', ' pass word \n');
    assert.equal(settingsOf({ LABKEEPER_MQTT_PASSWORD_FILE }).mqttPassword, ' pass word ');
    assert.equal(settingsOf({ LABKEEPER_MQTT_PASSWORD: 'direct' }).mqttPassword, 'direct');
    assert.throws(
      () => settingsOf({ LABKEEPER_MQTT_PASSWORD_FILE, LABKEEPER_MQTT_PASSWORD: 'direct' }),
      refused(/^LABKEEPER_MQTT_PASSWORD: is set together with LABKEEPER_MQTT_PASSWORD_FILE; remove one$/),
    );
    assert.throws(
      () => settingsOf({ LABKEEPER_MQTT_PASSWORD_FILE: path.join(folder, 'none') }),
      refused(/^LABKEEPER_MQTT_PASSWORD_FILE: cannot read .*none: ENOENT/),
    );
    assert.throws(
      () => settingsOf({ LABKEEPER_MQTT_PASSWORD_FILE: file('nothing', '\n') }),
      refused(/^LABKEEPER_MQTT_PASSWORD_FILE: .* is empty$/),
    );
  });
});

test('the password of the environment takes the place of the option', async () => {
  const optionsFile = file('c.yaml', 'mqtt:\n  host: broker\n  password: option\n');
  const mqttPassword = 'environment';
  assert.deepEqual(await loadOptions({ optionsFile, mqttPassword }), {
    mqtt: { host: 'broker', password: mqttPassword },
  });
  assert.deepEqual(await loadOptions({ optionsFile, mqttPassword: undefined }), {
    mqtt: { host: 'broker', password: 'option' },
  });
  assert.deepEqual(await loadOptions({ optionsFile: undefined, mqttPassword }), {
    mqtt: { password: mqttPassword },
  });
  // What is no options at all is left for the validation to tell of.
  assert.deepEqual(await loadOptions({ optionsFile: file('d.yaml', '[1]'), mqttPassword }), [1]);
});
