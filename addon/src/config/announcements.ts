import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Announcements, announcementsSchema } from '../contract/announcements.ts';
import { faultsIn, fileOf, refuseFaults } from './file.ts';

const FILE = 'announcements.yaml';
const KEYS = ['targets', 'areas', 'voice', 'volume', 'chime', 'engine'];

/**
 * How something is said, from the file `announcements.yaml` in the folder of configuration. Where there is none,
 * it is written, to be changed by a person.
 *
 * @param folder undefined: there is none
 * @throws LabError `options_invalid` with all that is wrong, a line `path: message` each
 */
export async function loadAnnouncements(folder: string | undefined): Promise<Announcements> {
  if (folder === undefined) return {};
  const file = path.join(folder, FILE);
  const given = await fileOf(file);
  if (given === undefined) {
    // A folder that is missing or may not be written to is no trouble: the same counts without the file.
    await writeFile(file, SHIPPED, { flag: 'wx' }).catch(() => {});
    return {};
  }
  refuseFaults(file, faultsIn(announcementsSchema, given, KEYS));
  return given as Announcements;
}

const SHIPPED = `# How Labkeeper has Home Assistant say something where an announcement does not say otherwise. Read anew each time.
# targets are media players and satellites:
# targets: [media_player.kitchen, assist_satellite.hall]
# areas: [Kitchen]
# voice: emily-en
# volume: 40          # percent; afterwards each has the volume that it had
chime: true
`;
