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

/** Why a container is never updated from here; undefined: it may be. */
export function outsideOf({ Name, Config, HostConfig }: ContainerInspect): string | undefined {
  const labels = Config.Labels ?? {};
  const vital = vitalOf({ Config });
  if (vital !== undefined) return vital;
  if (isKept(Name)) return 'it is the old container of an update that failed';
  if (HostConfig.AutoRemove === true) return 'it is removed when it ends';
  if (labels['com.docker.swarm.service.name'] !== undefined) return 'a Swarm looks after it';
  const subject = subjectOf(Config.Image, labels);
  return 'reason' in subject ? subject.reason : undefined;
}
