import type { HomeEntity, HomePlan } from './home.ts';

/** Bits of `supported_features`. */
const SATELLITE_ANNOUNCES = 1;
const VOLUME_SET = 4;
const PLAY_MEDIA = 512;
const MEDIA_ANNOUNCE = 1_048_576;

export type Way = 'satellite' | 'announce' | 'play';

/** Somebody who can say something, and how they are addressed. */
export interface FoundMouth {
  readonly id: string;
  readonly name: string;
  readonly way: Way;
  readonly player?: string;
}

export interface FoundMouths {
  readonly mouths: readonly FoundMouth[];
  /** Why some cannot say anything now. */
  readonly silent: readonly string[];
  /** What is not there at all. */
  readonly problems: readonly string[];
}

/**
 * Who says something that is meant for these. In an area it is said in the best way that it has, lest one room hears it
 * twice: by its satellites; where it has none, by players that announce; else by those that can play anything.
 */
export function mouthsOf(
  { targets, areas }: { readonly targets: readonly string[]; readonly areas: readonly string[] },
  home: HomePlan,
): FoundMouths {
  const mouths = new Map<string, FoundMouth>();
  const silent: string[] = [];
  const problems: string[] = [];
  for (const id of targets) {
    const entity = home.entities.find((one) => one.id === id);
    const way = entity && wayOf(entity);
    if (entity === undefined) problems.push(`“${id}” is no media player and no satellite`);
    else if (entity.state === undefined) problems.push(`there is no ${id}`);
    else if (isAway(entity)) silent.push(`${nameOf(entity)} is ${entity.state.state}`);
    else if (way === undefined) problems.push(`${nameOf(entity)} (${id}) cannot play what it is given`);
    else mouths.set(id, mouthOf(entity, way, home));
  }
  for (const asked of areas) {
    const area = home.areas.find(({ area_id, name }) => area_id === asked || isSame(name, asked));
    if (area === undefined) {
      problems.push(`there is no area “${asked}”`);
      continue;
    }
    const there = home.entities.filter(({ area: at, isHidden }) => at === area.area_id && !isHidden);
    const best = bestOf(there);
    if (best.length === 0) silent.push(`nobody in ${area.name} can say anything now`);
    for (const { entity, way } of best) mouths.set(entity.id, mouthOf(entity, way, home));
  }
  return { mouths: [...mouths.values()], silent, problems };
}

function bestOf(there: readonly HomeEntity[]): readonly { readonly entity: HomeEntity; readonly way: Way }[] {
  const able = there.flatMap((entity) => {
    const way = isAway(entity) ? undefined : wayOf(entity);
    return way === undefined ? [] : [{ entity, way }];
  });
  for (const wanted of ['satellite', 'announce', 'play'] as const) {
    // A television would be switched on for it: that is only done to one that was asked for.
    const best = able.filter(
      ({ entity, way }) =>
        way === wanted && (way !== 'play' || entity.state?.attributes.device_class !== 'tv'),
    );
    if (best.length > 0) return best;
  }
  return [];
}

function wayOf(entity: HomeEntity): Way | undefined {
  const features = featuresOf(entity);
  if (entity.id.startsWith('assist_satellite.'))
    return features & SATELLITE_ANNOUNCES ? 'satellite' : undefined;
  if (!(features & PLAY_MEDIA)) return undefined;
  return features & MEDIA_ANNOUNCE ? 'announce' : 'play';
}

function mouthOf(entity: HomeEntity, way: Way, { entities }: HomePlan): FoundMouth {
  // A satellite has its volume in the media player of its device.
  const player =
    way === 'satellite'
      ? entities.find(
          ({ id, device }) =>
            device !== undefined && device === entity.device && id.startsWith('media_player.'),
        )
      : entity;
  const hasVolume = player !== undefined && featuresOf(player) & VOLUME_SET;
  return { id: entity.id, name: nameOf(entity), way, ...(hasVolume && { player: player.id }) };
}

/** Players that do not know their own state play all the same. */
const isAway = ({ state }: HomeEntity): boolean => state === undefined || state.state === 'unavailable';

const featuresOf = ({ state }: HomeEntity): number => Number(state?.attributes.supported_features ?? 0) || 0;

const nameOf = ({ id, state }: HomeEntity): string => String(state?.attributes.friendly_name ?? id);

const isSame = (one: string, other: string): boolean =>
  one.trim().toLowerCase() === other.trim().toLowerCase();
