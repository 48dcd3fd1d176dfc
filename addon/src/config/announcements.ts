import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Announcements, announcementsSchema, RULE_IDS } from '../contract/announcements.ts';
import { faultsIn, fileOf, refuseFaults } from './file.ts';

const FILE = 'announcements.yaml';
const KEYS = [
  ...['targets', 'areas', 'voice', 'volume', 'chime', 'repeat', 'language', 'engine', 'quiet', 'from', 'to'],
  ...['rules', 'enabled', 'critical', 'text', 'above', 'en', 'de', 'one', 'many', ...RULE_IDS],
];

/**
 * What is said by itself and how, from the file `announcements.yaml` in the folder of configuration. Where there is none,
 * it is written, with everything switched off.
 *
 * @param folder undefined: there is none
 * @throws LabError `options_invalid` with all that is wrong, a line `path: message` each
 */
export async function loadAnnouncements(folder: string | undefined): Promise<Announcements> {
  if (folder === undefined) return {};
  const file = path.join(folder, FILE);
  const given = await fileOf(file);
  if (given === undefined) {
    // A folder that is missing or may not be written to is no trouble: nothing is said without the file.
    await writeFile(file, ANNOUNCEMENTS_FILE, { flag: 'wx' }).catch(() => {});
    return {};
  }
  refuseFaults(file, announcementFaults(given));
  return given as Announcements;
}

/** What is wrong with the content of the file, a line `path: message` each. */
export const announcementFaults = (given: unknown): readonly string[] =>
  faultsIn(announcementsSchema, given, KEYS);

/** What is written where there is none. */
export const ANNOUNCEMENTS_FILE = `# What Labkeeper says aloud through Home Assistant. Read anew every minute.
# Who says it, where a rule or an announcement does not say otherwise; targets are media players and satellites:
# targets: [media_player.kitchen, assist_satellite.hall]
# areas: [Kitchen]
# voice: emily-en
# volume: 40          # percent; afterwards each has the volume that it had
# language: en        # of what follows: en or de
chime: true         # a sound first
# engine: tts.piper   # a text-to-speech of Home Assistant; left out: Labkeeper's own voice where that is set up
repeat: 60            # least minutes until the same is said again
quiet: { from: "22:00", to: "07:00" }   # then only what is critical is said; the rest afterwards, if it is still so
# Each may have targets, areas, voice, volume, chime and repeat of its own, and other words, as in
# text: { en: { one: "the disk {name} is dying", many: "the disks {names} are dying" } }
rules:
  failed_backup: { enabled: false }
  degraded_pool: { enabled: false, critical: true }
  dead_disk: { enabled: false, critical: true }
  unhealthy_container: { enabled: false }
  unprotected_guest: { enabled: false }
  hot_server: { enabled: false, critical: true, above: 80 }   # °C; or what the server itself finds too hot
  update_rolled_back: { enabled: false }
  wan_down: { enabled: false }
  job_finished: { enabled: false }
`;
