import { parseReference } from '../registry/reference.ts';
import type { Hands, RegistryLogin } from '../update/hands.ts';
import type { StackWay } from './journal.ts';
import type { Scope, StackMember } from './scope.ts';

/** What came of pulling the image of one container. */
export interface Pulled {
  readonly member: StackMember;
  /** Id of what its tag points at on the engine now; undefined: only Portainer can pull it. */
  readonly newImage: string | undefined;
}

export interface PullParts {
  readonly hands: Hands;
  /** Who logs in at a registry; undefined: nobody. */
  readonly loginOf: (registry: string) => RegistryLogin | undefined;
}

/**
 * Pulls what the tags of a stack's images point at.
 *
 * @param told 0 to 1
 * @throws LabError what the registry says, where that leaves nothing to go on with
 */
export async function pullAll(
  { hands, loginOf }: PullParts,
  { candidates }: Scope,
  way: StackWay,
  told: (share: number) => void,
  signal: AbortSignal,
): Promise<readonly Pulled[]> {
  const byImage = [...Map.groupBy(candidates, ({ inspect }) => inspect.Config.Image)];
  const pulled: Pulled[] = [];
  for (const [index, [image, members]] of byImage.entries()) {
    const registry = parseReference(image)?.registry ?? '';
    let failure: unknown;
    try {
      await hands.pull(image, loginOf(registry), (share) => told((index + share) / byImage.length), signal);
    } catch (thrown) {
      signal.throwIfAborted();
      failure = thrown;
    }
    const found = (await hands.image(image, signal))?.Id;
    for (const member of members) {
      const isNewer = found !== undefined && found !== member.inspect.Image;
      // What was pulled or built before is as new as it gets without a registry; Portainer may have logins of its own.
      if (isNewer || failure === undefined) pulled.push({ member, newImage: found });
      else if (way === 'portainer') pulled.push({ member, newImage: undefined });
      // Of what was built here nobody expects that it can be pulled.
      else if (member.verdict?.kind === 'available') throw failure;
    }
  }
  return pulled;
}
