import type { DockerEngine } from './engine.ts';
import { IMAGE_BYTES, imageId, SHARED_BYTES } from './images.ts';

const MIB = 1024 ** 2;
const CONTAINER_BYTES = 4 * MIB;

/** `GET /system/df`: one image for each that a container uses, and one that nothing uses. */
export function diskUsageOf({ containers, kept }: DockerEngine): object {
  const images = [...new Set(containers.map(({ spec }) => spec.image)), 'left:over'];
  const users = (image: string): number => containers.filter(({ spec }) => spec.image === image).length;
  return {
    LayersSize: images.length * (IMAGE_BYTES - SHARED_BYTES) + SHARED_BYTES,
    Images: images.map((image) => ({
      Containers: users(image),
      Created: 1_700_000_000,
      Id: imageId(image),
      Labels: null,
      ParentId: '',
      RepoDigests: null,
      RepoTags: [image],
      SharedSize: SHARED_BYTES,
      Size: IMAGE_BYTES,
      VirtualSize: IMAGE_BYTES,
    })),
    Containers: containers.map(({ id, name, spec, status }) => ({
      Id: id,
      Names: [`/${name}`],
      Image: spec.image,
      State: status,
      SizeRw: CONTAINER_BYTES,
      SizeRootFs: IMAGE_BYTES + CONTAINER_BYTES,
    })),
    Volumes: kept.volumeUsage(),
    BuildCache:
      kept.buildCache === 0
        ? []
        : [
            {
              ID: 'a',
              Parent: '',
              Type: 'regular',
              Description: '',
              InUse: false,
              Shared: false,
              Size: kept.buildCache,
            },
          ],
    BuilderSize: 0,
  };
}
