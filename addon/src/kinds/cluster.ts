import Type from 'typebox';
import { connection, shownAs } from './presets.ts';
import { defineKind } from './rows.ts';
import { integer, number, oneOf, text } from './schema.ts';
import { jobItems, workReadings, workRows } from './work.ts';

const HEALTH = ['ok', 'warning', 'error'] as const;

/** Nodes that stand for each other. */
export const cluster = defineKind({
  kind: 'cluster',
  title: { en: 'Cluster', de: 'Cluster' },
  readings: Type.Object({
    quorum: Type.Union([Type.Boolean(), Type.Null()], {
      description: 'enough nodes are there to decide anything; null while unknown',
    }),
    nodes_online: integer('nodes that run'),
    nodes: integer('nodes'),
    guests_running: integer('guests that run'),
    guests: integer('guests'),
    ha: Type.Optional(oneOf([...HEALTH], 'high availability; left out where it looks after no guest')),
    ha_trouble: Type.Optional(text('what high availability has trouble with, else “none”')),
    ha_guests: Type.Optional(integer('guests that high availability looks after')),
    ceph: Type.Optional(oneOf([...HEALTH], 'Ceph; left out where there is none')),
    ceph_trouble: Type.Optional(text('what Ceph complains of, else “none”')),
    ceph_used: Type.Optional(number('used of what Ceph has', 'GiB')),
    ceph_total: Type.Optional(number('what Ceph has', 'GiB')),
    ...workReadings,
  }),
  rows: [
    connection,
    {
      key: 'quorum',
      ...shownAs.flag,
      reading: 'quorum',
      name: { en: 'Quorum', de: 'Quorum' },
      level: 'essential',
      icon: 'mdi:vote-outline',
    },
    {
      key: 'nodes_online',
      ...shownAs.count,
      reading: 'nodes_online',
      name: { en: 'Nodes online', de: 'Knoten verbunden' },
      level: 'essential',
      icon: 'mdi:server-network',
    },
    {
      key: 'nodes',
      ...shownAs.count,
      reading: 'nodes',
      name: { en: 'Nodes', de: 'Knoten' },
      level: 'standard',
      icon: 'mdi:server-network-outline',
    },
    {
      key: 'guests_running',
      ...shownAs.count,
      reading: 'guests_running',
      name: { en: 'Running guests', de: 'Laufende Gäste' },
      level: 'essential',
      icon: 'mdi:play-box-multiple-outline',
    },
    {
      key: 'guests',
      ...shownAs.count,
      reading: 'guests',
      name: { en: 'Guests', de: 'Gäste' },
      level: 'standard',
      icon: 'mdi:layers-triple-outline',
    },
    {
      key: 'ha',
      ...shownAs.oneOf(HEALTH),
      reading: 'ha',
      name: { en: 'High availability', de: 'Hochverfügbarkeit' },
      level: 'standard',
      icon: 'mdi:shield-sync-outline',
    },
    {
      key: 'ha_trouble',
      ...shownAs.fact,
      reading: 'ha_trouble',
      name: { en: 'High availability: trouble', de: 'Hochverfügbarkeit: Störung' },
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:shield-alert-outline',
    },
    {
      key: 'ceph',
      ...shownAs.oneOf(HEALTH),
      reading: 'ceph',
      name: { en: 'Ceph', de: 'Ceph' },
      level: 'standard',
      icon: 'mdi:database-outline',
    },
    {
      key: 'ceph_trouble',
      ...shownAs.fact,
      reading: 'ceph_trouble',
      name: { en: 'Ceph: trouble', de: 'Ceph: Störung' },
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:database-alert-outline',
    },
    {
      key: 'ceph_used',
      ...shownAs.amount(1, { least: 1, share: 0.005 }),
      reading: 'ceph_used',
      name: { en: 'Ceph used', de: 'Ceph belegt' },
      level: 'all',
      icon: 'mdi:database-outline',
    },
    ...workRows,
  ],
  items: [jobItems],
});
