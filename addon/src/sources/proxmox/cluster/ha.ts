import type { ClusterReader } from '../reader.ts';
import type { ClusterReadings } from './map.ts';
import type { HaRow } from './wire.ts';

/** How high availability is. A single node has none. */
export const clusterHa: ClusterReader = {
  of: 'cluster',
  what: 'high availability',
  due: 60,
  read: async ({ client, picture }, signal) => {
    if (!picture.isCluster) return;
    picture.cluster.tell('ha', haOf(await client.list<HaRow>('/cluster/ha/status/current', signal)));
  },
};

/** States of a guest in which it does not run where it should, and nobody but a person or a fence can help. */
const BAD = ['error', 'fence', 'recovery'];

export function haOf(rows: readonly HaRow[]): Partial<ClusterReadings> {
  const services = rows.filter(({ type }) => type === 'service');
  // Nobody keeps watch where there is nothing to watch.
  if (services.length === 0) return {};
  const unquorate = rows.some(
    (row) => row.type === 'quorum' && row.quorate !== undefined && Number(row.quorate) !== 1,
  );
  const bad = services.filter(
    ({ state = '', crm_state = '' }) => BAD.includes(state) || BAD.includes(crm_state),
  );
  // “old timestamp - dead?”: a manager that does not say that it lives.
  const silent = rows.filter(({ type, status = '' }) => type !== 'service' && /dead\?/.test(status));
  const trouble = [
    ...(unquorate ? ['no quorum'] : []),
    ...bad.map(({ sid, id, crm_state, state }) => `${sid ?? id}: ${crm_state ?? state}`),
    ...silent.map(({ id }) => `${id} does not answer`),
  ];
  return {
    ha: unquorate || bad.length > 0 ? 'error' : silent.length > 0 ? 'warning' : 'ok',
    ha_trouble: trouble.join(', ') || 'none',
    ha_guests: services.length,
  };
}
