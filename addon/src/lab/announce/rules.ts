import type { RuleId } from '../../contract/announcements.ts';
import type { Kind, LabResource, LabResourceOf } from '../../kinds/index.ts';
import type { Text } from '../../kinds/rows.ts';
import type { Fact, JobEnd } from './fact.ts';

/** What may be said of the lab by itself, unless the file of announcements says otherwise. */
export interface Rule {
  readonly id: RuleId;
  /** Said in quiet hours as well. */
  readonly critical: boolean;
  /** It has to be so for so long. */
  readonly lastsMs: number;
  /** Parts of a sentence: `{name}` is one, `{names}` are several. */
  readonly one: Text;
  readonly many: Text;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Several that come about the same time are said together. */
const SOON = 5 * SECOND;

export const RULES: readonly Rule[] = [
  {
    ...{ id: 'failed_backup', critical: false, lastsMs: SOON },
    one: { en: 'a backup has failed: {name}', de: 'eine Sicherung ist fehlgeschlagen: {name}' },
    many: { en: 'backups have failed: {names}', de: 'Sicherungen sind fehlgeschlagen: {names}' },
  },
  {
    ...{ id: 'degraded_pool', critical: true, lastsMs: SOON },
    one: { en: 'the storage pool {name} is not whole', de: 'der Speicherpool {name} ist nicht vollständig' },
    many: {
      en: 'the storage pools {names} are not whole',
      de: 'die Speicherpools {names} sind nicht vollständig',
    },
  },
  {
    ...{ id: 'dead_disk', critical: true, lastsMs: SOON },
    one: { en: 'the disk {name} is failing', de: 'der Datenträger {name} versagt' },
    many: { en: 'the disks {names} are failing', de: 'die Datenträger {names} versagen' },
  },
  {
    // Many are not well for a moment after their start.
    ...{ id: 'unhealthy_container', critical: false, lastsMs: 30 * SECOND },
    one: { en: 'the container {name} is not healthy', de: 'der Container {name} ist nicht gesund' },
    many: { en: 'the containers {names} are not healthy', de: 'die Container {names} sind nicht gesund' },
  },
  {
    // Who has just made one has not forgotten it yet.
    ...{ id: 'unprotected_guest', critical: false, lastsMs: 15 * MINUTE },
    one: { en: '{name} is protected by no backup', de: '{name} ist durch keine Sicherung geschützt' },
    many: { en: '{names} are protected by no backup', de: '{names} sind durch keine Sicherung geschützt' },
  },
  {
    ...{ id: 'hot_server', critical: true, lastsMs: MINUTE },
    one: { en: '{name} is too hot', de: '{name} ist zu heiß' },
    many: { en: '{names} are too hot', de: '{names} sind zu heiß' },
  },
  {
    ...{ id: 'update_rolled_back', critical: false, lastsMs: SOON },
    one: {
      en: 'the update of {name} has failed, and the old version runs again',
      de: 'das Update von {name} ist fehlgeschlagen, und die alte Version läuft wieder',
    },
    many: {
      en: 'the updates of {names} have failed, and the old versions run again',
      de: 'die Updates von {names} sind fehlgeschlagen, und die alten Versionen laufen wieder',
    },
  },
  {
    // A line that comes back by itself is none of anybody's business.
    ...{ id: 'wan_down', critical: false, lastsMs: MINUTE },
    one: { en: '{name} has lost the internet', de: '{name} hat das Internet verloren' },
    many: { en: '{names} have lost the internet', de: '{names} haben das Internet verloren' },
  },
  {
    ...{ id: 'job_finished', critical: false, lastsMs: SOON },
    one: { en: 'a job has ended: {name}', de: 'ein Auftrag ist zu Ende: {name}' },
    many: { en: 'jobs have ended: {names}', de: 'Aufträge sind zu Ende: {names}' },
  },
];

export const ruleOf = (id: RuleId): Rule => RULES.find((rule) => rule.id === id) as Rule;

/** °C from which on a server is too hot where the file does not say. */
const TOO_HOT = 80;

export interface FactOptions {
  /** °C */
  readonly above?: number | undefined;
}

type Look<K extends Kind> = (one: LabResourceOf<K>, options: FactOptions) => readonly Found[] | undefined;
type Found = readonly [rule: RuleId, key: string, name?: string];
type AnyLook = (one: LabResource, options: FactOptions) => readonly Found[] | undefined;

/** What has jobs, of which the failed runs of backups count, each by itself. */
const backups: AnyLook = ({ name, readings }) => {
  const { jobs = [] } = readings as LabResourceOf<'node'>['readings'];
  return jobs
    .filter(({ kind, last_result }) => kind === 'backup' && last_result === 'failed')
    .map(({ key, title, last_run }) => ['failed_backup', `${key}/${last_run}`, `${title} (${name})`]);
};

const when = (rule: RuleId, value: boolean | null | undefined): readonly Found[] | undefined =>
  value === null ? undefined : value === true ? [[rule, '']] : [];

/** By kind, what of one is looked at for a rule; undefined: not to be seen now. */
const LOOKS: { readonly [K in Kind]?: readonly { readonly rule: RuleId; readonly look: Look<K> }[] } = {
  node: [
    { rule: 'failed_backup', look: backups as Look<'node'> },
    {
      rule: 'hot_server',
      look: ({ readings: { cpu_temperature: hot } }, { above = TOO_HOT }) =>
        when('hot_server', hot == null ? hot : hot >= above),
    },
  ],
  cluster: [{ rule: 'failed_backup', look: backups as Look<'cluster'> }],
  pool: [
    {
      rule: 'degraded_pool',
      look: ({ readings: { health } }) => when('degraded_pool', health && health !== 'online'),
    },
  ],
  disk: [
    {
      rule: 'dead_disk',
      look: ({ readings: { problem, failure_predicted: predicted } }) =>
        when('dead_disk', problem === true || predicted === true || (problem ?? predicted)),
    },
  ],
  container: [
    {
      rule: 'unhealthy_container',
      look: ({ readings: { health } }) => when('unhealthy_container', health && health === 'unhealthy'),
    },
  ],
  guest: [
    {
      rule: 'unprotected_guest',
      look: ({ readings: { unprotected } }) => when('unprotected_guest', unprotected),
    },
  ],
  server: [{ rule: 'hot_server', look: hotServer }],
  gateway: [
    {
      rule: 'wan_down',
      look: ({ readings: { internet } }) => when('wan_down', internet === null ? null : !internet),
    },
  ],
};

/** What it measures is too hot, or one of its temperatures is among what the server itself finds to be wrong. */
function hotServer(
  { readings: { temperatures = [], failing } }: LabResourceOf<'server'>,
  { above = TOO_HOT }: FactOptions,
): readonly Found[] | undefined {
  const wrong = (failing ?? '').split(', ');
  if (temperatures.some(({ title, temperature }) => (temperature ?? 0) >= above || wrong.includes(title)))
    return [['hot_server', '']];
  return temperatures.some(({ temperature }) => temperature === null) ? undefined : [];
}

/**
 * What is so of one thing that rules speak of.
 *
 * @returns by rule; undefined: that is not to be seen now
 */
export function factsOf(
  resource: LabResource,
  options: FactOptions = {},
): ReadonlyMap<RuleId, readonly Fact[] | undefined> {
  const looks = (LOOKS[resource.kind] ?? []) as readonly { readonly rule: RuleId; readonly look: AnyLook }[];
  return new Map(
    looks.map(({ rule, look }) => [
      rule,
      resource.available
        ? look(resource, options)?.map(([, key, name = resource.name]) => ({
            ...{ rule, key: `${resource.id}/${key}`, name, about: `${resource.id}/${key.split('/', 1)[0]}` },
            ...(key !== '' && { once: true as const }),
          }))
        : undefined,
    ]),
  );
}

/** What updates say where the old version runs again. */
const ROLLED_BACK = /the old (container runs|images run) again/;
const ENDS: Readonly<Record<JobEnd['type'], Text>> = {
  succeeded: { en: 'done', de: 'erledigt' },
  failed: { en: 'failed', de: 'fehlgeschlagen' },
  unknown: { en: 'not known whether it is done', de: 'ungewiss, ob erledigt' },
  cancelled: { en: 'cancelled', de: 'abgebrochen' },
};

/** What the end of a job has to be said of. What is said about saying something would never end. */
export function factsOfEnd(end: JobEnd): readonly Fact[] {
  const { id, type, action, title, target, message } = end;
  if (action === 'announce') return [];
  const isBack = type === 'failed' && ROLLED_BACK.test(message);
  return [
    ...(isBack ? [{ rule: 'update_rolled_back' as const, key: id, name: target, about: target }] : []),
    {
      ...{ rule: 'job_finished', key: id, about: id },
      name: {
        en: `${title.en}, ${target}, ${ENDS[type].en}`,
        de: `${title.de}, ${target}, ${ENDS[type].de}`,
      },
    },
  ];
}
