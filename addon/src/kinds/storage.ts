import Type from 'typebox';
import { shownAs } from './presets.ts';
import { defineKind } from './rows.ts';
import { number, text } from './schema.ts';

/** Where guests, images and backups are kept: of one node, or shared by several. */
export const storage = defineKind({
  kind: 'storage',
  title: { en: 'Storage', de: 'Speicher' },
  readings: Type.Object({
    problem: Type.Union([Type.Boolean(), Type.Null()], {
      description:
        'a node that runs cannot use it, or it is thin and over 90 % of its data or metadata is used; ' +
        'null while unknown',
    }),
    usage: number('used, of all; of a thin pool its data', '%'),
    used: number('used', 'GiB'),
    total: number('size', 'GiB'),
    content: text('what may be kept there, as in “images, rootdir”'),
    active: Type.Optional(
      Type.Union([Type.Boolean(), Type.Null()], { description: 'it can be used; null while unknown' }),
    ),
    shared: Type.Optional(
      Type.Union([Type.Boolean(), Type.Null()], { description: 'several nodes see the same' }),
    ),
    metadata_usage: Type.Optional(
      number('metadata used of a thin pool: full, it loses data just as when its data is full', '%'),
    ),
    overcommit: Type.Optional(
      number(
        'sizes of all disks of guests on it, of what it holds; over 100 it cannot keep what it promised',
        '%',
      ),
    ),
  }),
  rows: [
    {
      key: 'problem',
      ...shownAs.problem,
      reading: 'problem',
      name: { en: 'Problem', de: 'Problem' },
      level: 'essential',
    },
    {
      key: 'usage',
      ...shownAs.percentage(1, { least: 0.5 }),
      reading: 'usage',
      name: { en: 'Usage', de: 'Belegung' },
      level: 'essential',
      icon: 'mdi:chart-donut',
    },
    {
      key: 'used',
      ...shownAs.amount(1, { least: 0.1, share: 0.005 }),
      reading: 'used',
      name: { en: 'Used', de: 'Belegt' },
      level: 'standard',
      icon: 'mdi:database',
    },
    {
      key: 'total',
      ...shownAs.size(1),
      reading: 'total',
      name: { en: 'Size', de: 'Größe' },
      level: 'standard',
      category: 'diagnostic',
      icon: 'mdi:database-outline',
    },
    {
      key: 'content',
      ...shownAs.fact,
      reading: 'content',
      name: { en: 'Content', de: 'Inhalt' },
      level: 'all',
      category: 'diagnostic',
      icon: 'mdi:folder-outline',
    },
    {
      key: 'metadata_usage',
      ...shownAs.percentage(1, { least: 0.5 }),
      reading: 'metadata_usage',
      name: { en: 'Metadata usage', de: 'Belegung der Metadaten' },
      level: 'standard',
      icon: 'mdi:chart-donut-variant',
    },
    {
      key: 'overcommit',
      ...shownAs.percentage(0, { least: 1 }),
      reading: 'overcommit',
      name: { en: 'Promised', de: 'Zugesagt' },
      level: 'standard',
      category: 'diagnostic',
      icon: 'mdi:scale-unbalanced',
    },
    {
      key: 'active',
      ...shownAs.flag,
      reading: 'active',
      name: { en: 'Active', de: 'Aktiv' },
      level: 'all',
      category: 'diagnostic',
    },
    {
      key: 'shared',
      ...shownAs.flag,
      reading: 'shared',
      name: { en: 'Shared', de: 'Geteilt' },
      level: 'all',
      category: 'diagnostic',
    },
  ],
});
