import { createHash } from 'node:crypto';

export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const OCI_CONFIG = 'application/vnd.oci.image.config.v1+json';

/** Something that a registry holds, by its digest. */
export interface Content {
  readonly type: string;
  readonly bytes: Buffer;
}

/** One version of an image, as its maker pushed it. */
export interface PushedImage {
  readonly labels?: Readonly<Record<string, string>>;
  /** `linux/amd64` and the like; `linux/amd64` and `linux/arm64` if left out. One: no index is made. */
  readonly platforms?: readonly string[];
  /** Tells this build from another with the same labels. */
  readonly build?: string;
}

export interface Pushed {
  /** What the tag points at: of the index, where there is one. */
  readonly digest: string;
  /** Of each platform's manifest. */
  readonly manifests: Readonly<Record<string, string>>;
}

/** What a registry holds: blobs and manifests by digest, tags by name. */
export class Contents {
  readonly blobs = new Map<string, Content>();
  readonly manifests = new Map<string, Content>();
  /** `<repository>:<tag>` to a digest. */
  readonly tags = new Map<string, string>();

  /** Puts an image there, as `docker buildx build --push` does: a platform without layers is enough here. */
  push(repository: string, tag: string, image: PushedImage = {}): Pushed {
    const { labels = {}, platforms = ['linux/amd64', 'linux/arm64'], build = '' } = image;
    const manifests = platforms.map((platform) => {
      const [os = '', architecture = '', variant] = platform.split('/');
      const config = put(this.blobs, OCI_CONFIG, {
        ...{ os, architecture, ...(variant !== undefined && { variant }) },
        config: { Labels: labels, Env: [`BUILD=${build}`] },
        rootfs: { type: 'layers', diff_ids: [] },
      });
      const manifest = put(this.manifests, OCI_MANIFEST, {
        ...{ schemaVersion: 2, mediaType: OCI_MANIFEST },
        ...{ config: { mediaType: OCI_CONFIG, ...config }, layers: [] },
      });
      const where = { os, architecture, ...(variant !== undefined && { variant }) };
      return { platform, entry: { mediaType: OCI_MANIFEST, ...manifest, platform: where } };
    });
    const digests = Object.fromEntries(manifests.map(({ platform, entry }) => [platform, entry.digest]));
    const [only] = manifests;
    const { digest } =
      manifests.length === 1 && only !== undefined
        ? only.entry
        : put(this.manifests, OCI_INDEX, {
            ...{ schemaVersion: 2, mediaType: OCI_INDEX },
            manifests: manifests.map(({ entry }) => entry),
          });
    this.tags.set(`${repository}:${tag}`, digest);
    return { digest, manifests: digests };
  }
}

function put(shelf: Map<string, Content>, type: string, value: object): { digest: string; size: number } {
  const bytes = Buffer.from(JSON.stringify(value));
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  shelf.set(digest, { type, bytes });
  return { digest, size: bytes.length };
}
