import assert from 'node:assert/strict';
import type { World } from './world.ts';

/** Entities of which Home Assistant keeps the states that we sent, as they were sent. */
export interface Compared {
  readonly entities: number;
  readonly disabled: number;
}

/**
 * Every published component is an entity of its device: id, unit, classes, category as sent, and its state is what the
 * message on its topic says.
 *
 * @throws AssertionError names the first that is not so
 */
export async function assertAsPublished({ home, broker }: World): Promise<Compared> {
  const devices = new Map((await home.devices()).map((device) => [device.id, device]));
  const registry = new Map((await home.entities()).map((entry) => [entry.unique_id, entry]));
  let entities = 0;
  let disabled = 0;
  for (const { device, components } of broker.discoveries()) {
    for (const [key, component] of Object.entries(components)) {
      const entry = registry.get(component.unique_id as string);
      assert.ok(entry, `${component.unique_id} is missing`);
      assert.equal(entry.entity_id, component.default_entity_id);
      assert.equal(entry.entity_category, component.entity_category ?? null, entry.entity_id);
      // Home Assistant names what has a device class and no name of its own.
      assert.equal(entry.original_name, component.name, entry.entity_id);
      const { identifiers } = devices.get(entry.device_id as string) ?? {};
      assert.deepEqual(identifiers, [['mqtt', device.identifiers[0]]]);
      if (entry.disabled_by !== null) {
        disabled += 1;
        continue;
      }
      const entity = home.states[entry.entity_id];
      assert.ok(entity, `${entry.entity_id} has no state`);
      const { unit_of_measurement, device_class, state_class } = entity.attributes;
      assert.equal(unit_of_measurement, component.unit_of_measurement, entry.entity_id);
      assert.equal(device_class, component.device_class, entry.entity_id);
      assert.equal(state_class, component.state_class, entry.entity_id);
      const { availability_topic: own } = component;
      if (own === undefined || broker.messages.get(own) === 'online') {
        assert.notEqual(entity.state, 'unavailable', entry.entity_id);
      }
      const state = component.state_topic && broker.messages.get(component.state_topic);
      if (state) assertShows(entity.state, state, key, entry.entity_id);
      entities += 1;
    }
  }
  return { entities, disabled };
}

/** Compares a state with the JSON message that it was made of. */
function assertShows(state: string, message: string, key: string, entityId: string): void {
  if (message === 'online' || message === 'offline') {
    assert.equal(state, message === 'online' ? 'on' : 'off', entityId);
    return;
  }
  const sent = (JSON.parse(message) as Record<string, unknown>)[key];
  assert.notEqual(sent, undefined, `${entityId}: its key is not in the message`);
  if (sent === null) assert.equal(state, 'unknown', entityId);
  else if (entityId.startsWith('device_tracker.')) {
    assert.equal(state, sent === 'ON' ? 'home' : 'not_home', entityId);
  } else if (sent === 'ON' || sent === 'OFF') assert.equal(state, sent.toLowerCase(), entityId);
  else if (typeof sent === 'number') assert.equal(Number(state), sent, entityId);
  else if (typeof sent === 'object') assert.notEqual(state, 'unknown', entityId);
  else if (Number.isNaN(Date.parse(sent as string))) assert.equal(state, sent, entityId);
  else assert.equal(Date.parse(state), Date.parse(sent as string), entityId);
}
