import type { Protection } from '../../../contract/update.ts';
import { guardOf } from '../guard/guard.ts';
import type { WholeInspect } from '../update/anatomy.ts';
import type { StackEntry, StackUnit, StackWay } from './journal.ts';
import type { Project } from './project.ts';
import { isOn, nameOf, type StackMember } from './scope.ts';

export interface EntryParts {
  readonly resource: string;
  readonly way: StackWay;
  readonly project: Project;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly changedBefore: number | undefined;
  readonly units: readonly StackUnit[];
  readonly members: readonly StackMember[];
  /** Whatever the engine has. */
  readonly all: readonly WholeInspect[];
  readonly goesBack: boolean;
  readonly protection: Protection;
}

/** What is written down of an update of a stack before anything is done. */
export function entryOf({ resource, way, project, since, changedBefore, ...parts }: EntryParts): StackEntry {
  const { units, members, all, goesBack, protection } = parts;
  const ids = new Set(units.map(({ oldId }) => oldId));
  const changed = members.filter(({ inspect }) => way === 'portainer' || ids.has(inspect.Id));
  const writers = changed.map(({ inspect }) => inspect as WholeInspect);
  return {
    ...{ resource, phase: 'changing', way, project, since, units },
    ...(changedBefore !== undefined && { changedBefore }),
    others: members.flatMap(({ inspect }) => (ids.has(inspect.Id) ? [] : othersOf(inspect))),
    // Where each container is updated by itself, each is protected by itself.
    ...guardOf(way === 'containers' ? 'none' : protection, writers, all),
    goBack: goesBack,
  };
}

function othersOf(inspect: StackMember['inspect']): StackEntry['others'] {
  const isIll = inspect.State.Health?.Status === 'unhealthy' || inspect.State.Status === 'restarting';
  if (!isOn(inspect) || isIll) return [];
  return [{ id: inspect.Id, name: nameOf(inspect), restarts: inspect.RestartCount ?? 0 }];
}

/** What a job answers with, by service. */
export const resultOf = ({ service, oldImage, newImage }: StackUnit): [string, object] => [
  service,
  { image_before: oldImage, ...(newImage !== undefined && { image: newImage }) },
];
