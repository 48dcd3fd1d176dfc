import { defineSource } from '../../contract/source.ts';
import { checkDockerOptions, type DockerOptions, dockerOptions, dockerShared } from './config.ts';
import { DockerSession } from './session.ts';

/** Docker Engine, by its API. */
export const docker = defineSource({
  id: 'docker',
  title: 'Docker',
  options: dockerOptions,
  kinds: ['host', 'stack', 'container'],
  shared: dockerShared,
  check: checkDockerOptions,
  // An engine on the same machine answers cheaply; one read of the numbers is a call for each container.
  budget: 240,
  open: (options: DockerOptions, context) => new DockerSession(options, context),
});
