import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Dockerd } from './dockerd.ts';
import { runToEnd } from './process.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const BASE_SCRIPT = path.join(ROOT, 'scripts/image/base.sh');
/** A Debian, made of its packages. */
const BASE_IMAGE = 'lab/base';
/** With Node.js 24, and the project's packages. */
export const BUILD_IMAGE = 'lab/build';
const DOCKERFILE = `FROM ${BASE_IMAGE}
COPY node /usr/local/bin/node
COPY node_modules /build/node_modules
`;
/** Of the project's packages, what no build needs. */
const LEFT_OUT = ['node', 'typescript', '@typescript', '@biomejs', '.cache', '.bin'];

export interface ImageOptions {
  /** Folder of the project, or of an earlier state of it; this one's packages are used. */
  readonly project?: string;
  readonly tag: string;
  readonly version: string;
}

/** Brings the images that ours is built from into an engine, as `docker import` does. */
export async function importBases(dockerd: Dockerd): Promise<void> {
  const archive = (await runToEnd('bash', [BASE_SCRIPT])).trim().split('\n').at(-1) ?? '';
  const docker = cli(dockerd);
  await docker('import', archive, BASE_IMAGE);
  const folder = await mkdtemp(path.join(tmpdir(), 'image-build-'));
  try {
    await writeFile(path.join(folder, 'Dockerfile'), DOCKERFILE);
    await cp(process.execPath, path.join(folder, 'node'));
    await cp(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'), {
      recursive: true,
      filter: (file) => !LEFT_OUT.includes(path.relative(path.join(ROOT, 'node_modules'), file)),
    });
    await docker('build', '--quiet', '--tag', BUILD_IMAGE, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Builds the image as it is released, without any network. */
export async function buildImage(
  dockerd: Dockerd,
  { project = ROOT, tag, version }: ImageOptions,
): Promise<void> {
  const values = { BUILD_IMAGE, BASE_IMAGE, BUILD_VERSION: version, BUILD_ARCH: 'amd64' };
  const args = Object.entries(values).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  await cli(dockerd)('build', '--network', 'none', '--tag', tag, ...args, project);
}

/** Runs `docker` with an engine. */
export const cli =
  ({ url }: Dockerd) =>
  (...words: readonly string[]): Promise<string> =>
    // Debian's engine has the older builder, for which the client needs no more than itself.
    runToEnd('docker', ['-H', url, ...words], { env: { DOCKER_BUILDKIT: '0' } });
