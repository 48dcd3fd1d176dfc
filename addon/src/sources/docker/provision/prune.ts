import type { PruneInput } from '../../../contract/inputs/stacks.ts';
import type { Task } from '../../../contract/provision.ts';
import type { StepContext } from '../../../contract/step.ts';
import { asLabError } from '../../../core/errors.ts';
import type { WholeInspect } from '../update/anatomy.ts';
import type { Bench } from './bench.ts';
import { yes } from './checks.ts';
import { sizeText } from './sizes.ts';
import type { Step } from './stack-steps.ts';
import { type ImageRow, isAnonymous, type VolumeRow } from './stock.ts';

interface Decided {
  readonly images: readonly { readonly id: string; readonly names: readonly string[] }[];
  readonly volumes: readonly { readonly name: string; readonly createdAt: string }[];
  readonly cache: boolean;
}

/** Names of images that an update keeps to go back to. */
const KEPT = /^labkeeper-kept[:/]/;
/** Of volumes that an update keeps a copy of data in. */
const COPY = /^labkeeper-(copy|kept|guard)/;

/** Removes what nothing uses; what goes was listed before, and nothing else does. */
export function prune(bench: Bench): Task<PruneInput> {
  const { stock, helperImage } = bench;
  return {
    prepare: async ({ input, signal }) => {
      const { images: which = 'dangling', build_cache: cache = false, volumes: whose = 'none' } = input;
      const containers = await stock.containers(signal);
      const rows = which === 'none' ? [] : await stock.images(signal);
      const images = rows.filter((row) => isLeft(row, which, containers, helperImage));
      const all = whose === 'none' ? [] : await stock.volumes(signal);
      const volumes = all.filter((row) => isLeftVolume(row, whose, containers));
      const { volumeSizes, buildCache } =
        cache || volumes.length > 0
          ? await stock.usage(signal)
          : { volumeSizes: new Map<string, number>(), buildCache: 0 };
      const freed = images.reduce((sum, { Size, SharedSize = 0 }) => sum + Size - Math.max(0, SharedSize), 0);
      const freedByVolumes = volumes.reduce(
        (sum, { Name }) => sum + Math.max(0, volumeSizes.get(Name) ?? 0),
        0,
      );
      const decided: Decided = {
        images: images.map(({ Id, RepoTags }) => ({ id: Id, names: namesOf(RepoTags) })),
        volumes: volumes.map(({ Name, CreatedAt = '' }) => ({ name: Name, createdAt: CreatedAt })),
        cache: cache && buildCache > 0,
      };
      const total = freed + freedByVolumes + (cache ? buildCache : 0);
      return {
        decided: { ...decided },
        checks: [
          yes(
            'Images',
            images.length === 0
              ? 'none goes'
              : images.map((row) => `${nameOf(row)} (${sizeText(row.Size)})`).join(', '),
          ),
          yes('Build cache', cache ? sizeText(buildCache) : 'stays'),
          yes(
            'Volumes',
            volumes.map(({ Name }) => `${Name} (${sizeText(volumeSizes.get(Name))})`).join(', ') ||
              'none goes',
          ),
          yes('Freed', `at least ${sizeText(total)}`),
        ],
        warnings:
          volumes.length === 0
            ? []
            : [`what is in ${volumes.map(({ Name }) => Name).join(', ')} cannot be had back`],
        fingerprint: JSON.stringify(decided),
      };
    },
    steps: ({ decided }) => {
      const { images, volumes, cache } = decided as unknown as Decided;
      return [
        ...(images.length === 0 ? [] : [imageStep(bench, images)]),
        ...(cache ? [cacheStep(bench)] : []),
        ...(volumes.length === 0 ? [] : [volumeStep(bench, volumes)]),
        ...(images.length === 0 && !cache && volumes.length === 0 ? [NOTHING] : []),
      ];
    },
  };
}

const NOTHING: Step = {
  name: 'Nothing: there is nothing that nothing uses',
  run: async ({ note }) => note({ result: { removed: 0 } }),
  happened: async () => false,
};

function isLeft(
  row: ImageRow,
  which: PruneInput['images'],
  containers: readonly WholeInspect[],
  helper: string,
): boolean {
  const names = namesOf(row.RepoTags);
  // What Labkeeper goes back to, and works with.
  if (names.some((name) => KEPT.test(name) || name === helper)) return false;
  if (containers.some(({ Image }) => Image === row.Id)) return false;
  return which === 'unused' || names.length === 0;
}

function isLeftVolume(
  row: VolumeRow,
  whose: PruneInput['volumes'],
  containers: readonly WholeInspect[],
): boolean {
  if (COPY.test(row.Name) || Object.keys(row.Labels ?? {}).some((label) => label.startsWith('labkeeper.')))
    return false;
  if (containers.some(({ Mounts }) => Mounts?.some(({ Name }) => Name === row.Name))) return false;
  return whose === 'unused' || isAnonymous(row);
}

const namesOf = (tags: ImageRow['RepoTags']): readonly string[] =>
  (tags ?? []).filter((tag) => tag !== '<none>:<none>');
const nameOf = ({ Id, RepoTags }: ImageRow): string => namesOf(RepoTags)[0] ?? Id.slice(0, 19);

/** Never by force: what somebody has begun to use meanwhile stays, and a name that stands for another image now. */
function imageStep({ stock }: Bench, images: Decided['images']): Step {
  const there = async (signal: AbortSignal): Promise<readonly (readonly string[])[]> => {
    const rows = new Map((await stock.images(signal)).map(({ Id, RepoTags }) => [Id, namesOf(RepoTags)]));
    return images.flatMap(({ id, names }) => {
      const now = rows.get(id);
      if (now === undefined) return [];
      const own = names.length === 0 && now.length === 0 ? [id] : names.filter((name) => now.includes(name));
      return own.length === 0 ? [] : [own];
    });
  };
  return {
    name: `Remove ${images.length} images`,
    calls: images.flatMap(({ id, names }) =>
      (names.length === 0 ? [id] : names).map((name) => `DELETE /images/${name}`),
    ),
    run: async (context) => {
      for (const names of await there(context.signal))
        for (const name of names)
          await unlessUsed(name, context, () => stock.removeImage(name, context.signal));
    },
    happened: async ({ signal }) => (await there(signal)).length === 0,
  };
}

/** Of what is used after all, it is said that it stays. */
async function unlessUsed(
  name: string,
  { signal, note }: StepContext<unknown>,
  remove: () => Promise<void>,
): Promise<void> {
  try {
    await remove();
  } catch (thrown) {
    const error = asLabError(thrown);
    if (signal.aborted || error.next === 'retry') throw error;
    note({ log: `${name} stays: ${error.message}` });
  }
}

function volumeStep({ stock }: Bench, volumes: Decided['volumes']): Step {
  const there = async (signal: AbortSignal): Promise<Decided['volumes']> => {
    const now = await stock.volumes(signal);
    return volumes.filter((one) =>
      now.some(({ Name, CreatedAt = '' }) => Name === one.name && CreatedAt === one.createdAt),
    );
  };
  return {
    name: `Remove ${volumes.length} volumes`,
    calls: volumes.map(({ name }) => `DELETE /volumes/${name}`),
    run: async (context) => {
      for (const { name } of await there(context.signal))
        await unlessUsed(name, context, () => stock.removeVolume(name, context.signal));
    },
    happened: async ({ signal }) => (await there(signal)).length === 0,
  };
}

/** What is gone is not removed again. */
function cacheStep({ stock }: Bench): Step {
  return {
    name: 'Remove the build cache',
    calls: ['POST /build/prune all=true'],
    run: async ({ signal, note }) => {
      const freed = await stock.pruneBuildCache(signal);
      note({ log: `${sizeText(freed)} of build cache freed` });
    },
    happened: async () => false,
  };
}
