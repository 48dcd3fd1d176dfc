import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { discoveryOf } from '../addon/src/entities/discovery.ts';
import { defaultSettings, type EntitySettings } from '../addon/src/entities/settings.ts';
import { statesOf } from '../addon/src/entities/states.ts';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { aContainer, aHost, aStack } from './helpers/samples.ts';

type Json = Record<string, unknown>;

/** Discovery as Home Assistant receives it: what is undefined is not there. */
function payloadOf(
  resource: LabResource,
  settings: Partial<EntitySettings> = {},
  context: { name?: string; parent?: string } = {},
): Json & { device: Json; components: Record<string, Json> } {
  const { name = resource.name, parent } = context;
  return JSON.parse(
    JSON.stringify(discoveryOf(resource, { name, parent }, { ...defaultSettings, ...settings })),
  );
}

const keysOf = (resource: LabResource, settings: Partial<EntitySettings> = {}): readonly string[] =>
  Object.keys(payloadOf(resource, settings).components);

const ID = 'docker_nas_container_media-plex-1-21440a7a';

suite('discovery', () => {
  test('of a container has all that Home Assistant wants', () => {
    const resource = aContainer({
      facts: {
        manufacturer: 'Docker',
        model: 'plex:latest',
        version: '1.2',
        serial: 'S1',
        url: 'http://nas:80',
        cores: 4,
      },
    });
    const { components, ...rest } = payloadOf(
      resource,
      { version: '0.1.0', areas: new Map([['docker/nas', 'Rack']]) },
      { name: 'plex (media)', parent: 'docker/nas/host/engine' },
    );
    assert.deepEqual(rest, {
      device: {
        identifiers: [`labkeeper_${ID}`],
        name: 'plex (media)',
        manufacturer: 'Docker',
        model: 'plex:latest',
        serial_number: 'S1',
        sw_version: '1.2',
        configuration_url: 'http://nas:80',
        suggested_area: 'Rack',
        via_device: 'labkeeper_docker_nas_host_engine',
      },
      origin: { name: 'Labkeeper', sw_version: '0.1.0' },
      availability: [{ topic: 'labkeeper/bridge/state' }, { topic: `labkeeper/${ID}/availability` }],
      availability_mode: 'all',
      qos: 1,
    });
    assert.deepEqual(components.power, {
      platform: 'switch',
      unique_id: `labkeeper_${ID}_power`,
      default_entity_id: 'switch.plex_media_power',
      name: 'Power',
      entity_category: 'config',
      icon: 'mdi:power',
      state_topic: `labkeeper/${ID}/state`,
      value_template: "{{ value_json.get('power') }}",
      command_topic: `labkeeper/${ID}/power/set`,
    });
    assert.deepEqual(components.restart, {
      platform: 'button',
      unique_id: `labkeeper_${ID}_restart`,
      default_entity_id: 'button.plex_media_restart',
      name: 'Restart',
      entity_category: 'config',
      command_topic: `labkeeper/${ID}/restart/set`,
      device_class: 'restart',
    });
    assert.deepEqual(components.memory, {
      platform: 'sensor',
      unique_id: `labkeeper_${ID}_memory`,
      default_entity_id: 'sensor.plex_media_memory',
      name: 'Memory',
      icon: 'mdi:memory',
      state_topic: `labkeeper/${ID}/metrics`,
      value_template: "{{ value_json.get('memory') }}",
      device_class: 'data_size',
      state_class: 'measurement',
      unit_of_measurement: 'GiB',
      suggested_display_precision: 3,
    });
  });

  test('what a resource does not tell is not in its device', () => {
    const { device } = payloadOf(aStack({ facts: {} }));
    assert.deepEqual(Object.keys(device).sort(), ['identifiers', 'name']);
  });

  test('names a parent only when one is published', () => {
    assert.equal('via_device' in payloadOf(aContainer()).device, false);
    const { device } = payloadOf(aContainer(), { site: 'garage' }, { parent: 'docker/nas/host/engine' });
    assert.equal(device.via_device, 'labkeeper_garage_docker_nas_host_engine');
  });

  // A release fixed these: a changed unit or class breaks the statistics of whoever runs it.
  test('a reading keeps its unit and classes', () => {
    const shown = Object.entries(payloadOf(aContainer(), { level: 'all' }).components).map(
      ([key, component]) => {
        const { platform, device_class, state_class, unit_of_measurement } = component;
        return [key, platform, device_class, state_class, unit_of_measurement]
          .map((part) => part ?? '-')
          .join(' ');
      },
    );
    assert.deepEqual(shown, [
      'power switch - - -',
      'restart button restart - -',
      'pause button - - -',
      'resume button - - -',
      'kill button - - -',
      'state sensor enum - -',
      'health sensor enum - -',
      'cpu sensor - measurement %',
      'memory sensor data_size measurement GiB',
      'network_received sensor data_rate measurement MiB/s',
      'network_sent sensor data_rate measurement MiB/s',
      'disk_read sensor data_rate measurement MiB/s',
      'disk_written sensor data_rate measurement MiB/s',
      'event event - - -',
      'restarts sensor - total_increasing -',
      'exit_code sensor - - -',
      'image sensor - - -',
      'digest sensor - - -',
      'started sensor uptime - -',
      'outcome event - - -',
    ]);
  });

  test('keeps controls out of reach of voice and areas, unless they shall be in it', () => {
    const categories = (settings: Partial<EntitySettings>): unknown[] => {
      const { power, restart } = payloadOf(aContainer(), settings).components;
      return [power?.entity_category, restart?.entity_category];
    };
    assert.deepEqual(categories({}), ['config', 'config']);
    assert.deepEqual(categories({ primaryControls: true }), [undefined, undefined]);
    const { restarts } = payloadOf(aContainer(), { primaryControls: true, level: 'all' }).components;
    assert.equal(restarts?.entity_category, 'diagnostic', 'that option is about controls alone');
  });

  test('each level shows what the one before does, and more', () => {
    for (const resource of [aContainer(), aStack(), aHost()]) {
      const essential = keysOf(resource, { level: 'essential' });
      const standard = keysOf(resource, { level: 'standard' });
      const all = keysOf(resource, { level: 'all' });
      assert.ok(essential.length > 0 && essential.every((key) => standard.includes(key)), resource.kind);
      assert.ok(
        standard.every((key) => all.includes(key)),
        resource.kind,
      );
    }
    const container = (level: EntitySettings['level']): number => keysOf(aContainer(), { level }).length;
    assert.ok(container('essential') < container('standard') && container('standard') < container('all'));
  });

  test('an unknown reading has an entity, one that does not exist has none', () => {
    assert.ok(keysOf(aContainer({ readings: { health: null } })).includes('health'));
    const { health: _, ...readings } = aContainer().readings;
    assert.equal(keysOf({ ...aContainer(), readings }).includes('health'), false);
  });

  test('whether a host answers stays known while it does not', () => {
    const { connection } = payloadOf(aHost()).components;
    assert.deepEqual(connection?.availability, [{ topic: 'labkeeper/bridge/state' }]);
    assert.equal(connection.platform, 'binary_sensor');
    assert.equal(connection.state_topic, 'labkeeper/docker_nas_host_engine/availability');
    assert.deepEqual([connection.payload_on, connection.payload_off], ['online', 'offline']);
    assert.equal(connection.device_class, 'connectivity');
  });

  test('is said in the language of the option', () => {
    const names = (language: 'en' | 'de'): unknown =>
      payloadOf(aHost(), { language }).components.unhealthy?.name;
    assert.deepEqual([names('en'), names('de')], ['Unhealthy containers', 'Ungesunde Container']);
  });

  test('is there only while the bridge between brokers is, where there is one', () => {
    const link = { topic: 'labkeeper-garage/link', payload_available: '1', payload_not_available: '0' };
    const { availability, components } = payloadOf(aHost(), { link: link.topic });
    const [runs, whole] = availability as readonly object[];
    assert.deepEqual([runs, whole], [{ topic: 'labkeeper/bridge/state' }, link]);
    assert.deepEqual(components.connection?.availability, [runs, link]);
  });

  test('of a site is apart from that of another', () => {
    const settings = { site: 'garage', base: 'labkeeper-garage' };
    const { device, availability, components } = payloadOf(aHost(), settings);
    assert.deepEqual(device.identifiers, ['labkeeper_garage_docker_nas_host_engine']);
    assert.deepEqual(availability, [
      { topic: 'labkeeper-garage/bridge/state' },
      { topic: 'labkeeper-garage/garage_docker_nas_host_engine/availability' },
    ]);
    assert.equal(components.running?.unique_id, 'labkeeper_garage_docker_nas_host_engine_running');
    assert.equal(components.running.state_topic, 'labkeeper-garage/garage_docker_nas_host_engine/state');
  });

  test('puts nothing that the lab says into a template', () => {
    const hostile = aContainer({ name: "{{ states('x') }}", readings: { image: '{{ 1 }}' } });
    for (const [key, component] of Object.entries(payloadOf(hostile, { level: 'all' }).components)) {
      if (component.value_template === undefined) continue;
      assert.equal(component.value_template, `{{ value_json.get('${key}') }}`);
    }
  });
});

suite('states', () => {
  const of = (resource: LabResource, settings: Partial<EntitySettings> = {}): Record<string, unknown> =>
    Object.fromEntries(
      [...statesOf(resource, { ...defaultSettings, ...settings })].map(([topic, payload]) => [
        topic.split('/').at(-1),
        payload.startsWith('{') ? JSON.parse(payload) : payload,
      ]),
    );

  test('hold every published key, events and fast numbers apart', () => {
    const { state, metrics, availability } = of(aContainer());
    assert.deepEqual(state, {
      power: 'ON',
      state: 'running',
      health: 'healthy',
    });
    assert.deepEqual(metrics, { cpu: 12.3, memory: 0.25, network_received: 1, network_sent: 2 });
    assert.equal(availability, 'online');
  });

  test('every value template finds its key', () => {
    for (const resource of [aContainer(), aStack(), aHost()]) {
      const settings = { ...defaultSettings, level: 'all' } as const;
      const states = statesOf(resource, settings);
      for (const [key, { state_topic, value_template }] of Object.entries(
        payloadOf(resource, settings).components,
      )) {
        if (value_template === undefined) continue;
        assert.ok(key in JSON.parse(states.get(state_topic as string) ?? '{}'), `${resource.kind} ${key}`);
      }
    }
  });

  test('say null for what is unknown, never leave it out', () => {
    const { state, metrics } = of(aContainer({ readings: { health: null, cpu: null, memory: null } }));
    assert.deepEqual(state, {
      power: 'ON',
      state: 'running',
      health: null,
    });
    assert.deepEqual(metrics, { cpu: null, memory: null, network_received: 1, network_sent: 2 });
  });

  test('spell yes and no as Home Assistant does', () => {
    assert.equal((of(aContainer({ readings: { on: false } })).state as Json).power, 'OFF');
    assert.equal((of(aStack({ readings: { problem: true } })).state as Json).problem, 'ON');
  });

  test('are rounded to what is worth a message', () => {
    const { metrics } = of(aContainer({ readings: { cpu: 99.96, memory: 0.12349, network_sent: 1e-9 } }));
    assert.deepEqual(metrics, { cpu: 100, memory: 0.123, network_received: 1, network_sent: 0 });
  });

  test('are followed by the availability', () => {
    const topics = [...statesOf(aContainer({ available: false }), defaultSettings)];
    assert.deepEqual(topics.at(-1), [`labkeeper/${ID}/availability`, 'offline']);
  });

  test('without metrics to show there is no message for them', () => {
    assert.deepEqual(Object.keys(of(aStack())), ['state', 'availability']);
    assert.deepEqual(Object.keys(of(aContainer(), { level: 'essential' })), ['state', 'availability']);
  });
});
