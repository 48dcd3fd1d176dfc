import type { WholeInspect } from './anatomy.ts';

/** What a container may write to and that outlives it, for people: `/config (volume media_config)`. */
export function exposedOf({ Mounts }: Pick<WholeInspect, 'Mounts'>): readonly string[] {
  return (Mounts ?? []).flatMap(({ Type, Name, Source, Destination, RW }) => {
    if (RW === false || (Type !== 'volume' && Type !== 'bind')) return [];
    // Nobody keeps data in a socket.
    if (Type === 'bind' && Source?.endsWith('.sock')) return [];
    return [`${Destination} (${Type === 'volume' ? `volume ${Name}` : Source})`];
  });
}
