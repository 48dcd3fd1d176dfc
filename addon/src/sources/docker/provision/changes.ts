import type { Check } from '../../../contract/step.ts';
import { type Outline, outlineOf, sourceOf } from '../compose-file/outline.ts';
import type { Variables } from '../compose-file/variables.ts';
import { partOf } from '../stacks/project.ts';
import type { WholeInspect } from '../update/anatomy.ts';
import { no, yes } from './checks.ts';

/** Which services would come, go and be otherwise than the present file says, by its keys: values may be secret. */
export function changeCheck(
  before: { readonly compose: string; readonly environment: Variables },
  project: string,
  { services }: Outline,
): Check {
  const old = readable(before, project);
  if (old === undefined) return yes('Changes', 'its present file cannot be read here: all of it may differ');
  const olds = new Map(old.services.map((service) => [service.name, service.said]));
  const news = new Map(services.map((service) => [service.name, service.said]));
  const changed = [...news].flatMap(([name, said]) => {
    const was = olds.get(name);
    if (was === undefined) return [];
    const keys = [...new Set([...Object.keys(was), ...Object.keys(said)])].filter(
      (key) => was[key] !== said[key],
    );
    return keys.length === 0 ? [] : [`${name} (${keys.join(', ')})`];
  });
  const added = [...news.keys()].filter((name) => !olds.has(name));
  const removed = [...olds.keys()].filter((name) => !news.has(name));
  const told = [
    ...(changed.length > 0 ? [`changed: ${changed.join(', ')}`] : []),
    ...(added.length > 0 ? [`added: ${added.join(', ')}`] : []),
    ...(removed.length > 0 ? [`removed: ${removed.join(', ')}`] : []),
  ];
  return yes('Changes', told.join('; ') || 'no service is otherwise');
}

function readable({ compose, environment }: { compose: string; environment: Variables }, project: string) {
  try {
    return outlineOf(compose, project, environment);
  } catch {
    return undefined;
  }
}

/** That no service that runs would find other data where it had its own. */
export function keptMountsCheck(members: readonly WholeInspect[], outline: Outline, folder: string): Check {
  for (const member of members) {
    const name = partOf(member)?.service ?? '';
    const service = outline.services.find((one) => one.name === name);
    for (const { Type, Name, Source, Destination } of member.Mounts ?? []) {
      const mount = service?.mounts.find(({ target }) => target === Destination);
      const wanted = mount && sourceOf(mount, outline, folder);
      const present = Type === 'volume' ? Name : Source;
      if (wanted === undefined || wanted === present) continue;
      return no(
        'Data',
        `${name} has ${present} at ${Destination}, and would have ${wanted} there`,
        'move the data on its own machine first, or keep that mount as it is',
      );
    }
  }
  return yes('Data', 'what each service has at a place stays what it is');
}

/** What is not mounted any more, for people. */
export function lostMounts(members: readonly WholeInspect[], outline: Outline): readonly string[] {
  return members.flatMap((member) => {
    const name = partOf(member)?.service ?? '';
    const service = outline.services.find((one) => one.name === name);
    if (service === undefined) return [`${name} is ended and removed; its volumes stay`];
    return (member.Mounts ?? []).flatMap(({ Type, Name, Source, Destination }) =>
      service.mounts.some(({ target }) => target === Destination) || /^[0-9a-f]{64}$/.test(Name ?? '')
        ? []
        : [
            `${Type === 'volume' ? Name : Source} is not at ${name}:${Destination} any more; it stays as it is`,
          ],
    );
  });
}
