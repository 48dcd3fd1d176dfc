import { LabError } from '../../../core/errors.ts';
import type { Ran } from '../../../net/ssh-run.ts';
import type { StackEntry, StackUnit } from './journal.ts';
import type { Project } from './project.ts';

/** What `docker` takes before what is to be done with a project. */
export function baseOf({ name, folder = '/', files, variables }: Project): readonly string[] {
  return [
    ...['compose', '-p', name, '--project-directory', folder],
    ...files.flatMap((file) => ['-f', file]),
    ...variables.flatMap((file) => ['--env-file', file]),
  ];
}

/** Reads all files, and changes nothing. */
export const checkOf = (project: Project): readonly string[] => [...baseOf(project), 'config', '--quiet'];

/**
 * Has Compose make anew what was made from another image than the engine has under its tag now: those services alone,
 * and nothing pulled, built or removed. What did not run is made and not started.
 */
export function upOf(project: Project, { units }: Pick<StackEntry, 'units'>): readonly (readonly string[])[] {
  const started = units.filter((unit) => unit.ran || unit.runsThrough);
  const still = units.filter((unit) => !started.includes(unit));
  const fixed = ['--no-deps', '--no-build', '--pull', 'never'];
  return [
    { how: ['up', '-d', ...fixed], which: started },
    { how: ['up', '--no-start', ...fixed], which: still.filter((unit) => !shares(unit, started)) },
  ].flatMap(({ how, which }) =>
    which.length === 0 ? [] : [[...baseOf(project), ...how, ...scalesOf(which), ...servicesOf(which)]],
  );
}

/** One service is started as a whole. */
const shares = ({ service }: StackUnit, others: readonly StackUnit[]): boolean =>
  others.some((other) => other.service === service);

const servicesOf = (units: readonly StackUnit[]): readonly string[] => [
  ...new Set(units.map(({ service }) => service)),
];

/** Else as many as the file says would be left of what was scaled by hand. */
function scalesOf(units: readonly StackUnit[]): readonly string[] {
  return [...Map.groupBy(units, ({ service }) => service)].flatMap(([service, { length }]) =>
    length > 1 ? ['--scale', `${service}=${length}`] : [],
  );
}

/** Compose does not find one of its files. */
export const isMissing = ({ err, out }: Ran): boolean =>
  /open \/\S+: no such file or directory|no configuration file provided|bind source path does not exist/.test(
    `${err}${out}`,
  );

/**
 * Takes what reading the files came to.
 *
 * @throws LabError `source_refused` where they cannot be read, or need variables that are not set: with those empty,
 * services would be made otherwise than they are
 */
export function checkRead({ name, files }: Project, { code, err, out }: Ran): void {
  if (code !== 0) {
    throw new LabError('source_refused', `the file of ${name} cannot be used: ${lastOf(err || out)}`, {
      hint: `on the engine’s machine: docker compose -f ${files.join(' -f ')} config`,
    });
  }
  const unset = new Set(
    [...err.matchAll(/The \\?"([^"\\]+)\\?" variable is not set/g)].map((match) => match[1]),
  );
  if (unset.size === 0) return;
  throw new LabError(
    'source_refused',
    `the file of ${name} needs variables that are not set: ${[...unset].join(', ')}`,
    { hint: `put them into ${files[0]?.replace(/\/[^/]*$/, '')}/.env, or update it by hand` },
  );
}

/** The last that a program said, for people. */
export const lastOf = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replaceAll(/\p{C}/gu, ' ').trim())
    .filter((line) => line !== '')
    .slice(-2)
    .join('; ')
    .slice(-400) || 'it said nothing';
