import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { LabResource } from '../addon/src/kinds/index.ts';
import { type Alias, alias } from '../addon/src/model/resource.ts';
import { Store } from '../addon/src/model/store.ts';
import { knownBy, monitorOf } from '../addon/src/sources/pulse/map.ts';

const URL_OF = (text: string) => new URL(text);

const guest = (vmid: number, name: string, aliases: readonly Alias[]): LabResource =>
  ({
    ...{ id: `proxmox/home/guest/${vmid}`, kind: 'guest', name, available: true },
    ...{ readings: {}, facts: {}, aliases },
  }) as unknown as LabResource;

const LXC = guest(110, 'pulse', [alias('ip', '10.0.20.30'), alias('hostname', 'pulse')]);
const OTHER = guest(111, 'web', [alias('ip', '10.0.20.31'), alias('hostname', 'web')]);

/** What a Pulse hangs under, in a lab with these things. */
function parentOf(things: readonly LabResource[], by: readonly Alias[], guestOption?: string) {
  const store = new Store<LabResource>();
  const seen = {
    ...{ health: { status: 'healthy', uptime: 1 }, latency: 1, alerts: [], started: null },
    ...{ summary: undefined, version: undefined },
  };
  const place = { owner: 'pulse/home', title: 'Pulse', page: 'http://pulse.lan:7655' };
  // The order in which they appear makes no difference.
  store.replace('pulse/home', [monitorOf(seen, { ...place, guest: guestOption, knownBy: by })]);
  store.replace('proxmox/home', things);
  return { parent: store.get('pulse/home/monitor/self')?.parent, doubts: store.doubts() };
}

suite('a Pulse hangs under', () => {
  test('the guest with its address and the name that it is asked under', () => {
    const by = knownBy(URL_OF('http://pulse.lan:7655'), ['10.0.20.30'], undefined);
    assert.equal(parentOf([LXC, OTHER], by).parent, LXC.id);
  });

  test('the guest with its address and its own host name, if it is asked by address alone', () => {
    const by = knownBy(URL_OF('http://10.0.20.30:7655'), ['10.0.20.30'], { containerId: 'pulse' });
    assert.equal(parentOf([LXC, OTHER], by).parent, LXC.id);
  });

  test('the container that publishes its port, and not the guest with that address', () => {
    const engine = guest(101, 'docker-host', [alias('ip', '10.0.20.11'), alias('hostname', 'docker-host')]);
    const container = {
      ...{ id: 'docker/lab/container/pulse', kind: 'container', name: 'pulse', available: true },
      ...{ readings: {}, facts: {}, aliases: [alias('endpoint', '10.0.20.11:7655')] },
    } as unknown as LabResource;
    const by = knownBy(URL_OF('http://docker-host.lan:7655'), ['10.0.20.11'], {
      containerId: '5d8c2f0e9b3a',
    });
    assert.equal(parentOf([engine, container], by).parent, container.id);
  });

  test('nothing where only one weak fact speaks for it, and that is told', () => {
    const by = knownBy(URL_OF('http://10.0.20.30:7655'), ['10.0.20.30'], undefined);
    const { parent, doubts } = parentOf([LXC, OTHER], by);
    assert.equal(parent, undefined);
    assert.equal(doubts[0]?.resource, 'pulse/home/monitor/self');
  });

  test('nothing where name and address speak for two', () => {
    const by = knownBy(URL_OF('http://pulse.lan:7655'), ['10.0.20.31'], undefined);
    assert.equal(parentOf([LXC, OTHER], by).parent, undefined);
  });

  test('what a person says, whatever else speaks for another', () => {
    const by = knownBy(URL_OF('http://pulse.lan:7655'), ['10.0.20.30'], undefined);
    assert.equal(parentOf([LXC, OTHER], by, OTHER.id).parent, OTHER.id);
  });
});
