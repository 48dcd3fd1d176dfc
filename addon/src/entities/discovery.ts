import { slug } from '../core/ids.ts';
import type { LabResource } from '../kinds/index.ts';
import { type AnyRow, choicesOf, isInstallable, mostOf, publishedRows } from './published-rows.ts';
import type { EntitySettings } from './settings.ts';
import { bridgeTopic, deviceIdentifier, type Topics, topicsOf } from './topics.ts';

/** What discovery has to know beside the resource itself. */
export interface DeviceContext {
  /** The device's name: the resource's, told apart from others of the same name. */
  readonly name: string;
  /** Id of the nearest containing resource whose own discovery is published. */
  readonly parent: string | undefined;
  /** What its entity ids begin with; left out: the name. A later rename must not change them. */
  readonly entityIds?: string;
}

type Json = Record<string, unknown>;

export interface Discovery {
  readonly device: Json;
  readonly origin: Json;
  readonly components: Readonly<Record<string, Json>>;
  readonly [shared: string]: unknown;
}

/** A resource as one MQTT device discovery payload. https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload */
export function discoveryOf(
  resource: LabResource,
  context: DeviceContext,
  settings: EntitySettings,
): Discovery {
  const topics = topicsOf(resource.id, settings);
  const rows = publishedRows(resource, settings);
  const entityIds = context.entityIds ?? slug(context.name);
  return {
    device: deviceOf(resource, context, settings),
    origin: { name: 'Labkeeper', sw_version: settings.version },
    availability: [...reachOf(settings), { topic: topics.availability }],
    availability_mode: 'all',
    qos: 1,
    components: Object.fromEntries(
      rows.map((row) => [row.key, componentOf(row, resource, entityIds, topics, settings)]),
    ),
  };
}

/** What has to be so for anything of ours to be heard: Labkeeper runs, and the way to its broker is whole. */
const reachOf = (settings: EntitySettings): readonly Json[] => {
  const runs = { topic: bridgeTopic(settings) };
  if (settings.link === '') return [runs];
  return [runs, { topic: settings.link, payload_available: '1', payload_not_available: '0' }];
};

function deviceOf(
  { id, facts }: LabResource,
  { name, parent }: DeviceContext,
  settings: EntitySettings,
): Json {
  const area = settings.areas.get(id.split('/', 2).join('/'));
  return {
    identifiers: [deviceIdentifier(id, settings)],
    name,
    manufacturer: facts.manufacturer,
    model: facts.model,
    serial_number: facts.serial,
    sw_version: facts.version,
    // Any other scheme, and Home Assistant would refuse the whole device.
    configuration_url: /^https?:\/\//i.test(facts.url ?? '') ? facts.url : undefined,
    suggested_area: area,
    via_device: parent && deviceIdentifier(parent, settings),
  };
}

function componentOf(
  row: AnyRow,
  resource: LabResource,
  entityIds: string,
  topics: Topics,
  settings: EntitySettings,
): Json {
  const { id, readings } = resource;
  const platform = row.platform === 'connectivity' ? 'binary_sensor' : row.platform;
  const isControl = ['switch', 'button', 'number', 'select'].includes(platform);
  return {
    platform,
    unique_id: `${deviceIdentifier(id, settings)}_${row.key}`,
    default_entity_id: `${platform}.${entityIds}_${row.key}`,
    name: row.name === null ? null : row.name[settings.language],
    entity_category: isControl && settings.primaryControls ? undefined : row.category,
    icon: row.icon,
    enabled_by_default: row.enabled,
    ...specifics(row, resource, topics, settings),
    ...(isInstallable(row, readings) && {
      command_topic: topics.command(row.key),
      payload_install: 'INSTALL',
    }),
  };
}

function specifics(row: AnyRow, resource: LabResource, topics: Topics, settings: EntitySettings): Json {
  switch (row.platform) {
    case 'sensor':
      return {
        ...value(row, topics),
        device_class: row.deviceClass,
        state_class: row.stateClass,
        unit_of_measurement: row.unit,
        options: row.options,
        suggested_display_precision: row.decimals,
      };
    case 'binary_sensor':
      return { ...value(row, topics), device_class: row.deviceClass };
    case 'device_tracker':
      return {
        ...value(row, topics),
        // What is unknown is rendered as `None`, which resets it.
        ...{ payload_home: 'ON', payload_not_home: 'OFF', payload_reset: 'None', source_type: 'router' },
      };
    case 'switch':
      return { ...value(row, topics), device_class: row.deviceClass, command_topic: topics.command(row.key) };
    case 'number':
      return {
        ...value(row, topics),
        device_class: row.deviceClass,
        unit_of_measurement: row.unit,
        command_topic: topics.command(row.key),
        ...{ min: 0, max: mostOf(row, resource), step: 10 ** -row.decimals, mode: 'box' },
      };
    case 'select':
      return {
        ...value(row, topics),
        command_topic: topics.command(row.key),
        options: choicesOf(row, resource),
      };
    case 'button':
      return {
        command_topic: topics.command(row.key),
        device_class: row.deviceClass,
        availability: row.whileAway && reachOf(settings),
      };
    case 'update':
      return {
        state_topic: topics[row.topic],
        // Of what is empty Home Assistant keeps what it knew; `null` would become a version.
        value_template: `{{ value_json.get('${row.key}') | tojson if value_json.get('${row.key}') else '' }}`,
        device_class: row.deviceClass,
      };
    case 'image':
      return { image_topic: topics.image(row.key), image_encoding: 'b64', content_type: 'image/png' };
    case 'event':
      return { state_topic: topics.event(row.key), event_types: row.types, device_class: row.deviceClass };
    case 'connectivity':
      return {
        state_topic: topics.availability,
        payload_on: 'online',
        payload_off: 'offline',
        device_class: 'connectivity',
        availability: reachOf(settings),
      };
  }
}

/**
 * By `get`: `update` or `items` after a dot would be a method of the dictionary, and of a key in brackets that is not
 * there Home Assistant complains. It may read a kept state that is older than the discovery that names the key, since the
 * broker sends it kept states some at a time.
 */
function value(row: AnyRow & { topic: 'state' | 'metrics' }, topics: Topics): Json {
  return { state_topic: topics[row.topic], value_template: `{{ value_json.get('${row.key}') }}` };
}
