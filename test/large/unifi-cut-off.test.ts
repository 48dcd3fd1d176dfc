import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { MAC } from '../../simulators/unifi/index.ts';
import { startUnifiWorld, type UnifiWorld } from '../parts/unifi-world.ts';

const CORE = `unifi/house/switch/${MAC.core.replaceAll(':', '')}`;

for (const generation of ['legacy', 'os'] as const) {
  describe(`a UniFi network that is changed for the worse, in a real Home Assistant: ${generation}`, {
    timeout: 500_000,
  }, () => {
    let unifi: UnifiWorld;
    before(async () => {
      unifi = await startUnifiWorld(generation);
      await unifi.world.home.until('binary_sensor.box_connection', 'on', 60_000);
      await unifi.world.home.until('sensor.core_port_7_vlan', '1', 60_000);
    });
    after(() => unifi?.stop());

    it('gets back what it was where a change cuts off a system that nobody thought of', async () => {
      const { site, world, wayToDocker } = unifi;
      const core = site.device(MAC.core);
      assert.ok(core);
      const before = structuredClone(core.overrides);
      const { provision } = site;
      site.provision = (device) => {
        provision.call(site, device);
        if (isDeepStrictEqual(core.overrides, before)) wayToDocker.unblock();
        else wayToDocker.cut(true);
      };
      const cut = await unifi.ask('set_port_vlan', { target: CORE, input: { item: 'port_7', vlan: 30 } });
      site.provision = provision;
      assert.equal(cut.state, 'failed');
      assert.match(JSON.stringify(cut.error), /since then Box did not answer for 120 s.*it was taken back/);
      assert.deepEqual(core.overrides, before);
      await world.home.until('sensor.core_port_7_vlan', '1', 30_000);
      await world.home.until('binary_sensor.box_connection', 'on', 60_000);
    });
  });
}
