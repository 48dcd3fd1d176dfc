import { SimCompose } from '../../simulators/docker/compose.ts';
import { SimCopier } from '../../simulators/docker/copier.ts';
import { DockerEngine } from '../../simulators/docker/engine.ts';
import { composeLabels } from '../../simulators/docker/seed.ts';
import type { ContainerSpec } from '../../simulators/docker/spec.ts';

export const OLD = 'sha256:old';
export const NEW = 'sha256:new';
const FOLDER = '/opt/stacks/shop';
const WEB: ContainerSpec = {
  ...{ name: 'web', image: 'team/web:1', restart: 'always', health: { test: 'check', intervalMs: 20 } },
  mounts: [
    { from: 'web_data', to: '/data' },
    { from: '/srv/web', to: '/srv' },
  ],
};

/** What is updated in tests of the protection of data. */
export interface Target {
  readonly what: string;
  readonly spec: ContainerSpec;
  /** Id of its resource. */
  readonly id: string;
}

export const CONTAINER: Target = { what: 'a container', spec: WEB, id: 'docker/nas/container/web' };
export const STACK: Target = {
  what: 'a stack',
  spec: { ...WEB, name: 'shop-web-1', labels: composeLabels('shop', 'web') },
  id: 'docker/nas/stack/shop',
};

/**
 * An engine with an old container and something newer under its tag. The new one writes `new` into all of its data as
 * soon as it starts.
 */
export function protectedEngine({ spec }: Target, isWell: boolean) {
  const engine = new DockerEngine({ stopMs: 1, statsWaitMs: 1 });
  engine.images.put('docker:cli', { id: 'sha256:cli' });
  engine.images.put(spec.image, { id: OLD });
  engine.images.publish(spec.image, { id: NEW });
  const compose = new SimCompose(engine, { files: new Set([`${FOLDER}/compose.yaml`]), stepMs: 2 });
  const copier = new SimCopier(engine);
  const before = engine.whenStarted;
  engine.whenStarted = (container) => {
    before?.(container);
    if (container.imageId !== NEW) return;
    for (const { from } of spec.mounts ?? []) copier.data.set(from, 'new');
    if (!isWell) engine.setHealth(container.id, 'unhealthy');
  };
  for (const { from } of spec.mounts ?? []) copier.data.set(from, 'old');
  engine.create(spec);
  engine.start(spec.name);
  compose.learn();
  return {
    ...{ engine, copier },
    /** What is in its data. */
    data: () => [...copier.data.values()].join(' '),
    /** What the engine has, as `<name> <state> <image>`, without what helps Compose. */
    there: () =>
      engine.containers
        .filter(({ name }) => !name.startsWith('labkeeper-compose'))
        .map(({ name, status, imageId }) => `${name} ${status} ${imageId}`)
        .sort(),
  };
}
