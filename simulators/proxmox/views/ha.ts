import type { ProxmoxCluster } from '../cluster.ts';

/** `GET /cluster/ha/status/current`. */
export function haStatus(cluster: ProxmoxCluster): readonly object[] {
  const time = Math.floor(cluster.clock.now() / 1_000);
  const up = cluster.nodes.filter(({ online }) => online);
  const managed = cluster.guests.filter(({ spec }) => spec.ha !== undefined);
  const [master] = up;
  const quorum = {
    id: 'quorum',
    type: 'quorum',
    node: master?.name ?? '',
    status: cluster.quorate ? 'OK' : 'No quorum on node!',
    quorate: cluster.quorate ? 1 : 0,
  };
  // Nobody keeps watch before there is something to watch.
  if (managed.length === 0 || master === undefined) return [quorum];
  const stamp = `${new Date(time * 1_000).toUTCString()}`;
  return [
    quorum,
    {
      id: 'master',
      type: 'master',
      node: master.name,
      status: `${master.name} (active, ${stamp})`,
      timestamp: time,
    },
    ...up.map(({ name }) => ({
      id: `lrm:${name}`,
      type: 'lrm',
      node: name,
      status: `${name} (active, ${stamp})`,
      timestamp: time,
    })),
    ...managed.map(({ sid, node, spec, running }) => ({
      id: `service:${sid}`,
      type: 'service',
      sid,
      node,
      status: `${sid} (${node}, ${spec.ha})`,
      state: spec.ha,
      crm_state: spec.ha === 'started' && !running ? 'starting' : spec.ha,
      request_state: spec.ha,
      max_relocate: 1,
      max_restart: 1,
    })),
  ];
}
