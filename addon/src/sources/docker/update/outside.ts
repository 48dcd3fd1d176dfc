import { subjectOf } from '../registry/verdict.ts';
import type { ContainerInspect } from '../wire.ts';
import { isKept } from './kept.ts';

/** What Labkeeper and the way to it live by, by the last parts of the names of images. */
const VITAL: readonly [image: RegExp, what: string][] = [
  [/(^|[/_-])labkeeper$/, 'it is Labkeeper itself'],
  [
    /(^|[/_-])(mosquitto|emqx|hivemq4?|hivemq-ce|vernemq|nanomq)$/,
    'it is an MQTT broker, which Labkeeper may speak by',
  ],
  [/socket-?proxy$/, 'it is a socket proxy, which Labkeeper may reach the engine by'],
  [
    /^portainer\/|\/portainer\/|(^|\/)portainer(-ce|-ee)?$/,
    'it is Portainer, which Labkeeper may reach the engine by',
  ],
];

/** What Labkeeper would lose with a container; undefined: nothing. */
export function vitalOf({ Config }: Pick<ContainerInspect, 'Config'>): string | undefined {
  const repository = Config.Image.replace(/@.*$/, '')
    .replace(/:[^/:]*$/, '')
    .toLowerCase();
  return VITAL.find(([image]) => image.test(repository))?.[1];
}

/** Why a container is never made anew from here, from whatever image; undefined: it may be. */
export function heldOf({ Name, Config, HostConfig }: ContainerInspect): string | undefined {
  const vital = vitalOf({ Config });
  if (vital !== undefined) return vital;
  if (isKept(Name)) return 'it is the old container of an update that failed';
  if (HostConfig.AutoRemove === true) return 'it is removed when it ends';
  return Config.Labels?.['com.docker.swarm.service.name'] === undefined
    ? undefined
    : 'a Swarm looks after it';
}

/** Why a container is never updated from here; undefined: it may be. */
export function outsideOf(inspect: ContainerInspect): string | undefined {
  const held = heldOf(inspect);
  if (held !== undefined) return held;
  const { Image, Labels } = inspect.Config;
  const subject = subjectOf(Image, Labels ?? {});
  return 'reason' in subject ? subject.reason : undefined;
}
