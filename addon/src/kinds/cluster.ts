import Type from 'typebox';
import { defineKind } from './rows.ts';
import { integer } from './schema.ts';

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
  }),
  rows: [
    {
      key: 'connection',
      platform: 'connectivity',
      name: { en: 'Connection', de: 'Verbindung' },
      level: 'essential',
      category: 'diagnostic',
    },
    {
      key: 'quorum',
      platform: 'binary_sensor',
      reading: 'quorum',
      name: { en: 'Quorum', de: 'Quorum' },
      topic: 'state',
      level: 'essential',
      icon: 'mdi:vote-outline',
    },
    {
      key: 'nodes_online',
      platform: 'sensor',
      reading: 'nodes_online',
      name: { en: 'Nodes online', de: 'Knoten verbunden' },
      topic: 'state',
      level: 'essential',
      stateClass: 'measurement',
      icon: 'mdi:server-network',
    },
    {
      key: 'nodes',
      platform: 'sensor',
      reading: 'nodes',
      name: { en: 'Nodes', de: 'Knoten' },
      topic: 'state',
      level: 'standard',
      stateClass: 'measurement',
      icon: 'mdi:server-network-outline',
    },
    {
      key: 'guests_running',
      platform: 'sensor',
      reading: 'guests_running',
      name: { en: 'Running guests', de: 'Laufende Gäste' },
      topic: 'state',
      level: 'essential',
      stateClass: 'measurement',
      icon: 'mdi:play-box-multiple-outline',
    },
    {
      key: 'guests',
      platform: 'sensor',
      reading: 'guests',
      name: { en: 'Guests', de: 'Gäste' },
      topic: 'state',
      level: 'standard',
      stateClass: 'measurement',
      icon: 'mdi:layers-triple-outline',
    },
  ],
});
