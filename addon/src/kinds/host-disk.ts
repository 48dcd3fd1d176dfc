import Type from 'typebox';
import { shownAs } from './presets.ts';
import { number } from './schema.ts';

const size = (description: string) => Type.Optional(number(description, 'GiB'));

/** What containers take of a host's disk; left out where Labkeeper may not ask. */
export const diskReadings = {
  disk_used: size('disk that images, containers, volumes and build cache take'),
  disk_reclaimable: size('the part of it that nothing uses: what pruning would free'),
  disk_images: size('disk that images take; what they share counts once'),
  disk_containers: size('disk that containers take beside their images and volumes'),
  disk_volumes: size('disk that volumes take'),
  disk_build_cache: size('disk that the build cache takes'),
};

/** Rows of what containers take of a host's disk. */
export const diskRows = [
  {
    key: 'disk_used',
    ...shownAs.size(2),
    reading: 'disk_used',
    name: { en: 'Disk used by Docker', de: 'Von Docker belegt' },
    level: 'standard',
    icon: 'mdi:harddisk',
  },
  {
    key: 'disk_reclaimable',
    ...shownAs.size(2),
    reading: 'disk_reclaimable',
    name: { en: 'Disk reclaimable', de: 'Freigebbarer Speicherplatz' },
    level: 'standard',
    icon: 'mdi:delete-sweep-outline',
  },
  {
    key: 'disk_images',
    ...shownAs.size(2),
    reading: 'disk_images',
    name: { en: 'Disk used by images', de: 'Von Images belegt' },
    level: 'all',
    category: 'diagnostic',
    icon: 'mdi:harddisk',
  },
  {
    key: 'disk_containers',
    ...shownAs.size(2),
    reading: 'disk_containers',
    name: { en: 'Disk used by containers', de: 'Von Containern belegt' },
    level: 'all',
    category: 'diagnostic',
    icon: 'mdi:harddisk',
  },
  {
    key: 'disk_volumes',
    ...shownAs.size(2),
    reading: 'disk_volumes',
    name: { en: 'Disk used by volumes', de: 'Von Volumes belegt' },
    level: 'all',
    category: 'diagnostic',
    icon: 'mdi:harddisk',
  },
  {
    key: 'disk_build_cache',
    ...shownAs.size(2),
    reading: 'disk_build_cache',
    name: { en: 'Disk used by build cache', de: 'Vom Build-Cache belegt' },
    level: 'all',
    category: 'diagnostic',
    icon: 'mdi:harddisk',
  },
] as const;
