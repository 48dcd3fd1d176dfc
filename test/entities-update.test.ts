import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { discoveryOf } from '../addon/src/entities/discovery.ts';
import { defaultSettings } from '../addon/src/entities/settings.ts';
import { statesOf } from '../addon/src/entities/states.ts';
import type { LabResourceOf } from '../addon/src/kinds/index.ts';
import { aNode } from './helpers/nodes.ts';
import { aContainer } from './helpers/samples.ts';

function shown(node: LabResourceOf<'node'>) {
  const { components } = discoveryOf(node, { name: node.name, parent: undefined }, defaultSettings);
  const states = statesOf(node, defaultSettings).get('labkeeper/proxmox_home_node_pve1/state') ?? '{}';
  return { components, states: JSON.parse(states) };
}

suite('an update', () => {
  test('is told as Home Assistant takes it, and of what is unknown nothing is', () => {
    const { components, states } = shown(
      aNode({ version: '9.1.1', update_version: '9.1.7 (2 packages)', update_summary: 'pve-manager, curl' }),
    );
    assert.equal(components.updates?.platform, 'update');
    assert.equal('command_topic' in (components.updates ?? {}), false, 'nothing can be installed from here');
    assert.equal(
      components.updates?.value_template,
      "{{ value_json.get('updates') | tojson if value_json.get('updates') else '' }}",
    );
    assert.deepEqual(states.updates, {
      installed_version: '9.1.1',
      latest_version: '9.1.7 (2 packages)',
      release_summary: 'pve-manager, curl',
    });
    assert.equal(shown(aNode({ version: null, update_version: '9.1.7' })).states.updates, null);
    assert.equal(shown(aNode({ version: '9.1.1', update_version: null })).states.updates, null);
  });

  test('that nobody can know of has no entity', () => {
    assert.equal(shown(aNode({ version: '9.1.1' })).components.updates, undefined);
  });

  test('has texts that Home Assistant takes, however long they were', () => {
    const { states } = shown(aNode({ version: '1', update_version: '2', update_summary: 'ä'.repeat(300) }));
    assert.equal([...states.updates.release_summary].length, 255);
  });
});

suite('where more of an update is told', () => {
  const told = (image_releases: string): unknown => {
    const known = { image_version: '1', image_latest: '2', image_news: '' };
    const container = aContainer({ id: 'docker/nas/container/web', readings: { ...known, image_releases } });
    const states = statesOf(container, defaultSettings).get('labkeeper/docker_nas_container_web/state');
    return JSON.parse(states ?? '{}').image_update.release_url;
  };

  test('is an address that Home Assistant takes, or nothing', () => {
    assert.equal(told('https://github.com/a/b/releases'), 'https://github.com/a/b/releases');
    for (const odd of [
      'http://a.example',
      'javascript:alert(1)',
      'https://',
      `https://a.example/${'x'.repeat(300)}`,
    ])
      assert.equal(told(odd), undefined, odd);
  });
});

suite('a button', () => {
  test('that makes sense only with a reading is there only with it', () => {
    assert.equal(shown(aNode({})).components.wake, undefined);
    assert.equal(shown(aNode({ can_wake: true })).components.wake?.platform, 'button');
  });

  test('that is for what is off can be pressed while that is off', () => {
    const { wake, reboot } = shown(aNode({ can_wake: true, can_power: true })).components;
    assert.deepEqual(wake?.availability, [{ topic: 'labkeeper/bridge/state' }]);
    assert.ok(reboot);
    assert.equal(reboot.availability, undefined);
  });
});
