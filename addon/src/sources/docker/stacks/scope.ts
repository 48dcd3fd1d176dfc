import type { Verdict } from '../registry/verdict.ts';
import type { WholeInspect } from '../update/anatomy.ts';
import type { Outsiders } from '../update/outside.ts';
import { sharesWith } from '../update/recreate.ts';
import type { ContainerInspect } from '../wire.ts';
import { partOf } from './project.ts';

/** A container of a stack with what is known of its image. */
export interface StackMember {
  /** Of its resource. */
  readonly id: string;
  readonly inspect: ContainerInspect;
  /** undefined: nobody looks for newer images. */
  readonly verdict: Verdict | undefined;
}

/** What an update of a stack would be about. */
export interface Scope {
  /** Those whose images may be newer elsewhere. */
  readonly candidates: readonly StackMember[];
  /** Those that live in a candidate's namespaces: they have to be made anew with it. */
  readonly beside: readonly StackMember[];
}

/** Why a stack is never updated from here; undefined: it may be. */
export function refusalOf(members: readonly StackMember[], outsiders: Outsiders): string | undefined {
  for (const { inspect } of members) {
    const vital = outsiders.vitalOf(inspect);
    if (vital !== undefined) return `${nameOf(inspect)} is in it, and ${vital}`;
    if (inspect.Config.Labels?.['com.docker.swarm.service.name'] !== undefined)
      return 'a Swarm looks after it';
  }
  const reasons = members.map(({ inspect }) => outsiders.outsideOf(inspect));
  if (reasons.includes(undefined)) return undefined;
  return `nothing in it is updated: ${[...new Set(reasons)].join('; ')}`;
}

/** Of a stack that may be updated. */
export function scopeOf(members: readonly StackMember[], outsiders: Outsiders): Scope {
  const candidates = members.filter(
    ({ inspect, verdict }) => outsiders.outsideOf(inspect) === undefined && !isSettled(verdict),
  );
  const beside = members.filter(
    (one) => !candidates.includes(one) && candidates.some((other) => shares(one.inspect, other.inspect)),
  );
  return { candidates, beside };
}

/** It runs what its tag points at, or there is nothing that it could be compared with. */
const isSettled = (verdict: Verdict | undefined): boolean =>
  verdict?.kind === 'current' || verdict?.kind === 'none';

export const shares = (one: ContainerInspect, other: ContainerInspect): boolean =>
  sharesWith(one as WholeInspect, { id: other.Id, name: nameOf(other) });

export const nameOf = ({ Name }: Pick<ContainerInspect, 'Name'>): string => Name.replace(/^\//, '');

/** For people: the service, as the file calls it. */
export const serviceOf = (inspect: ContainerInspect): string => partOf(inspect)?.service ?? nameOf(inspect);

export const isOn = ({ State }: Pick<ContainerInspect, 'State'>): boolean =>
  ['running', 'restarting', 'paused'].includes(State.Status);
