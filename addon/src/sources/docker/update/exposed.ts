import type { WholeInspect, WholeMount } from './anatomy.ts';

/** Whether a container may write to it, and it outlives the container. */
export function isExposed({ Type, Source, RW }: WholeMount): boolean {
  if (RW === false || (Type !== 'volume' && Type !== 'bind')) return false;
  // Nobody keeps data in a socket.
  return !(Type === 'bind' && Source?.endsWith('.sock'));
}

/** For people: `/config (volume media_config)`. */
export const placeName = ({ Type, Name, Source, Destination }: WholeMount): string =>
  `${Destination} (${Type === 'volume' ? `volume ${Name}` : Source})`;

/** What a container may write to and that outlives it, for people. */
export const exposedOf = ({ Mounts }: Pick<WholeInspect, 'Mounts'>): readonly string[] =>
  (Mounts ?? []).filter(isExposed).map(placeName);
