import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { diskOf } from '../addon/src/sources/docker/disk.ts';

const GIB = 1024 ** 3;

suite('disk usage of an engine', () => {
  test('is counted as `docker system df` does', () => {
    const disk = diskOf({
      LayersSize: 10 * GIB,
      Images: [
        { Size: 6 * GIB, SharedSize: 2 * GIB, Containers: 1 },
        { Size: 6 * GIB, SharedSize: 2 * GIB, Containers: 0 },
        { Size: GIB, SharedSize: -1, Containers: 1 },
      ],
      Containers: [
        { SizeRw: GIB, State: 'running' },
        { SizeRw: 2 * GIB, State: 'exited' },
        { SizeRw: GIB, State: 'paused' },
        { State: 'created' },
      ],
      Volumes: [
        { UsageData: { Size: 3 * GIB, RefCount: 1 } },
        { UsageData: { Size: 5 * GIB, RefCount: 0 } },
        { UsageData: { Size: -1, RefCount: -1 } },
        {},
      ],
      BuildCache: [
        { Size: GIB, InUse: true },
        { Size: 2 * GIB, InUse: false },
        { Size: 4 * GIB, Shared: true },
      ],
    });
    assert.deepEqual(disk, {
      disk_used: 10 + 4 + 8 + 3,
      disk_reclaimable: 5 + 2 + 5 + 2,
      disk_images: 10,
      disk_containers: 4,
      disk_volumes: 8,
      disk_build_cache: 3,
    });
  });

  test('is taken as newer engines sum it up', () => {
    const part = (size: number, reclaimable: number) => ({
      TotalSize: size * GIB,
      Reclaimable: reclaimable * GIB,
    });
    const disk = diskOf({
      ImageUsage: part(8, 4),
      ContainerUsage: part(1, 0.5),
      VolumeUsage: part(2, 0),
      BuildCacheUsage: part(3, 3),
    });
    assert.deepEqual([disk.disk_used, disk.disk_reclaimable, disk.disk_images], [14, 7.5, 8]);
  });

  test('is nothing where there is nothing', () => {
    const nothing = diskOf({ Images: null, Containers: null, Volumes: null, BuildCache: null });
    assert.ok(Object.values(nothing).every((value) => value === 0));
    assert.deepEqual(diskOf({}), nothing);
  });
});
