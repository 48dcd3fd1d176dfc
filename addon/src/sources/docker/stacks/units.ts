import { LabError } from '../../../core/errors.ts';
import type { StackUnit } from './journal.ts';
import { partOf } from './project.ts';
import type { Pulled } from './pull.ts';
import { isOn, nameOf, type Scope, type StackMember, shares } from './scope.ts';

export const NOTHING_NEWER = 'nothing in it has anything newer than what runs already';

/**
 * The containers that an update makes anew: those with a newer image, and those that live in their namespaces.
 *
 * @param pulled what came of pulling
 * @throws LabError `source_refused` when there is nothing newer
 */
export function unitsOf(
  pulled: readonly Pulled[],
  { candidates, beside }: Scope,
  members: readonly StackMember[],
): readonly StackUnit[] {
  const newer = pulled.filter(({ member, newImage }) => newImage !== member.inspect.Image);
  if (newer.length === 0) {
    throw new LabError('source_refused', NOTHING_NEWER);
  }
  const main = new Map(newer.map(({ member, newImage }) => [member, newImage]));
  const moved = [...beside, ...candidates].filter(
    (one) => !main.has(one) && newer.some(({ member }) => shares(one.inspect, member.inspect)),
  );
  const others = new Map(moved.map((one) => [one, undefined]));
  // In the order of their starts, which is that of the members.
  return members.flatMap((member) => {
    if (main.has(member)) return [unitOf(member, main.get(member), members)];
    return others.has(member) ? [unitOf(member, undefined, members)] : [];
  });
}

function unitOf(
  { id, inspect }: StackMember,
  newImage: string | undefined,
  members: readonly StackMember[],
): StackUnit {
  const name = nameOf(inspect);
  const { service, number } = partOf(inspect) ?? { service: name, number: '1' };
  const isAwaited = members.some((other) =>
    (other.inspect.Config.Labels?.['com.docker.compose.depends_on'] ?? '')
      .split(',')
      .some((need) => need.trim().startsWith(`${service}:service_completed_successfully`)),
  );
  const { Status, ExitCode } = inspect.State;
  return {
    ...{ id, service, number, name, oldId: inspect.Id, image: inspect.Config.Image },
    oldImage: inspect.Image ?? '',
    ...(newImage !== undefined && { newImage }),
    ran: isOn(inspect),
    runsThrough: Status === 'exited' && ExitCode === 0 && isAwaited,
  };
}
