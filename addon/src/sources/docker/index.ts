import { defineSource } from '../../contract/source.ts';
import { dockerOptions } from './config.ts';
import { DockerSession } from './session.ts';

/** Docker Engine, by its API. */
export const docker = defineSource({
  id: 'docker',
  title: 'Docker',
  options: dockerOptions,
  open: (options, context) => new DockerSession(options, context),
});
