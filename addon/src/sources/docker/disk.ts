import type { DiskSum, DiskUsage } from './wire.ts';

const GIB = 1024 ** 3;

/** GiB. */
export interface DiskReadings {
  readonly disk_used: number | null;
  readonly disk_reclaimable: number | null;
  readonly disk_images: number | null;
  readonly disk_containers: number | null;
  readonly disk_volumes: number | null;
  readonly disk_build_cache: number | null;
}

/** What is shown before the first answer. */
export const NOT_MEASURED: DiskReadings = {
  disk_used: null,
  disk_reclaimable: null,
  disk_images: null,
  disk_containers: null,
  disk_volumes: null,
  disk_build_cache: null,
};

/** Bytes. */
interface Part {
  readonly size: number;
  readonly reclaimable: number;
}

/** What images, containers, volumes and build cache take, and what of it nothing uses: as `docker system df` counts. */
export function diskOf(usage: DiskUsage): DiskReadings {
  const images = summed(usage.ImageUsage) ?? imagesOf(usage);
  const containers = summed(usage.ContainerUsage) ?? containersOf(usage);
  const volumes = summed(usage.VolumeUsage) ?? volumesOf(usage);
  const cache = summed(usage.BuildCacheUsage) ?? buildCacheOf(usage);
  const all = [images, containers, volumes, cache];
  return {
    disk_used: sum(all, ({ size }) => size) / GIB,
    disk_reclaimable: sum(all, ({ reclaimable }) => reclaimable) / GIB,
    disk_images: images.size / GIB,
    disk_containers: containers.size / GIB,
    disk_volumes: volumes.size / GIB,
    disk_build_cache: cache.size / GIB,
  };
}

function summed(part: DiskSum | undefined): Part | undefined {
  return part && { size: known(part.TotalSize), reclaimable: known(part.Reclaimable) };
}

/** Layers that several images share count once, so all layers together are what the images take. */
function imagesOf({ LayersSize, Images }: DiskUsage): Part {
  const size = known(LayersSize);
  const used = (Images ?? []).filter(({ Containers }) => Containers > 0);
  const own = sum(used, ({ Size, SharedSize }) => Math.max(0, known(Size) - known(SharedSize)));
  return { size, reclaimable: Math.max(0, size - own) };
}

function containersOf({ Containers }: DiskUsage): Part {
  const all = Containers ?? [];
  const idle = all.filter(({ State }) => !/^(running|paused|restarting)$/.test(State ?? ''));
  const sizeOf = (some: typeof all): number => sum(some, ({ SizeRw }) => known(SizeRw));
  return { size: sizeOf(all), reclaimable: sizeOf(idle) };
}

function volumesOf({ Volumes }: DiskUsage): Part {
  const all = (Volumes ?? []).flatMap(({ UsageData }) => UsageData ?? []);
  const sizeOf = (some: typeof all): number => sum(some, ({ Size }) => known(Size));
  return { size: sizeOf(all), reclaimable: sizeOf(all.filter(({ RefCount }) => RefCount === 0)) };
}

function buildCacheOf({ BuildCache }: DiskUsage): Part {
  // What images share with it counts there.
  const own = (BuildCache ?? []).filter(({ Shared }) => Shared !== true);
  const sizeOf = (some: typeof own): number => sum(some, ({ Size }) => known(Size));
  return { size: sizeOf(own), reclaimable: sizeOf(own.filter(({ InUse }) => InUse !== true)) };
}

const known = (bytes: number | undefined): number => Math.max(0, bytes ?? 0);

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
