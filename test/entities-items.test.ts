import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { discoveryOf } from '../addon/src/entities/discovery.ts';
import { defaultSettings, type EntitySettings } from '../addon/src/entities/settings.ts';
import { statesOf } from '../addon/src/entities/states.ts';
import type { LabResourceOf } from '../addon/src/kinds/index.ts';

type App = LabResourceOf<'app'>;
type System = NonNullable<App['readings']['systems']>[number];

const nas: System = {
  key: 'docker_nas',
  title: 'NAS',
  connected: true,
  calls: 12.34,
  latency: 8,
  errors: 0,
  last_error: null,
};

const anApp = (...systems: readonly System[]): App => ({
  id: 'labkeeper/app/app/self',
  kind: 'app',
  name: 'Labkeeper',
  facts: {},
  available: true,
  readings: {
    ...{ version: '1', started: null, devices: 3, messages: 4, memory: 80 },
    ...{ findings: 0, problem: false, systems: [...systems] },
  },
});

function shown(app: App, change: Partial<EntitySettings> = {}) {
  const settings = { ...defaultSettings, ...change };
  const { components } = discoveryOf(app, { name: app.name, parent: undefined }, settings);
  const said = [...statesOf(app, settings)].filter(([, payload]) => payload.startsWith('{'));
  const [state = {}, metrics = {}] = said.map(([, payload]) => JSON.parse(payload));
  return { components, state, metrics };
}

suite('items of a list', () => {
  test('have entities of their own, keyed and named by the item', () => {
    const { components } = shown(anApp(nas));
    const { docker_nas_connected: connected, docker_nas_calls: calls } = components;
    assert.equal(connected?.name, 'NAS connection');
    assert.equal(connected.unique_id, 'labkeeper_labkeeper_app_app_self_docker_nas_connected');
    assert.equal(connected.default_entity_id, 'binary_sensor.labkeeper_docker_nas_connected');
    assert.equal(calls?.value_template, "{{ value_json.get('docker_nas_calls') }}");
  });

  test('show readings of their own', () => {
    const pi = { ...nas, key: 'docker_pi', title: 'Pi', connected: false, last_error: 'gone' };
    const { state, metrics } = shown(anApp(nas, pi));
    assert.equal(state.docker_nas_connected, 'ON');
    assert.equal(state.docker_pi_connected, 'OFF');
    assert.equal(state.docker_nas_last_error, null);
    assert.equal(state.docker_pi_last_error, 'gone');
    assert.equal(metrics.docker_nas_calls, 12.3);
  });

  test('are named in the language, on one line', () => {
    const { components } = shown(anApp({ ...nas, title: 'N\nAS' }), { language: 'de' });
    assert.equal(components.docker_nas_connected?.name, 'N AS Verbindung');
  });

  test('follow the level, that of their own system before the general one', () => {
    const keys = (change: Partial<EntitySettings>): readonly string[] =>
      Object.keys(shown(anApp(nas), change).components).filter((key) => key.startsWith('docker_nas'));
    assert.deepEqual(keys({ level: 'essential' }), ['docker_nas_connected']);
    const levels = new Map([['labkeeper/app', 'standard'] as const]);
    assert.ok(keys({ level: 'essential', levels }).includes('docker_nas_calls'));
  });

  test('whose keys fit into no topic, or that come twice, are left out', () => {
    const hostile = { ...nas, key: "x'] }}{{ evil" };
    const { components } = shown(anApp(nas, hostile, { ...nas, title: 'again' }));
    assert.equal(Object.keys(components).filter((key) => key.endsWith('_connected')).length, 1);
    assert.equal(components.docker_nas_connected?.name, 'NAS connection');
  });
});
