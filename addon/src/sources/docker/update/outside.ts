import { subjectOf } from '../registry/verdict.ts';
import type { ContainerInspect } from '../wire.ts';
import { isKept } from './kept.ts';

type Vital = readonly [image: RegExp, what: string];

/** What Labkeeper and the way to it live by, by the last parts of the names of images. */
const VITAL: readonly Vital[] = [
  [/(^|[/_-])labkeeper$/, 'it is Labkeeper itself'],
  [
    /(^|[/_-])(mosquitto|emqx|hivemq4?|hivemq-ce|vernemq|nanomq)$/,
    'it is an MQTT broker, which Labkeeper may speak by',
  ],
  [/socket-?proxy$/, 'it is a socket proxy, which Labkeeper may reach the engine by'],
];
/** Portainer and its agents, where the engine is reached by them. */
const PORTAINER: Vital = [
  /^portainer\/|\/portainer\/|(^|\/)portainer(-ce|-ee)?$/,
  'it is Portainer, which Labkeeper reaches the engine by',
];

type Config = Pick<ContainerInspect, 'Config'>;

/** What is not changed from here, and why; undefined: nothing speaks against it. */
export interface Outsiders {
  /** What Labkeeper would lose with a container. */
  vitalOf(inspect: Config): string | undefined;
  /** Why a container is never made anew from here, from whatever image. */
  heldOf(inspect: ContainerInspect): string | undefined;
  /** Why a container is never updated from here. */
  outsideOf(inspect: ContainerInspect): string | undefined;
}

/** @param byPortainer the engine is reached by way of Portainer */
export function outsidersOf(byPortainer: boolean): Outsiders {
  const vitals = byPortainer ? [...VITAL, PORTAINER] : VITAL;
  const vitalOf = ({ Config }: Config): string | undefined => {
    const repository = Config.Image.replace(/@.*$/, '')
      .replace(/:[^/:]*$/, '')
      .toLowerCase();
    return vitals.find(([image]) => image.test(repository))?.[1];
  };
  const heldOf = (inspect: ContainerInspect): string | undefined => vitalOf(inspect) ?? ownerOf(inspect);
  const outsideOf = (inspect: ContainerInspect): string | undefined => {
    const held = heldOf(inspect);
    if (held !== undefined) return held;
    const { Image, Labels } = inspect.Config;
    const subject = subjectOf(Image, Labels ?? {});
    return 'reason' in subject ? subject.reason : undefined;
  };
  return { vitalOf, heldOf, outsideOf };
}

/** Who else looks after a container. */
function ownerOf({ Name, Config, HostConfig }: ContainerInspect): string | undefined {
  if (isKept(Name)) return 'it is the old container of an update that failed';
  if (HostConfig.AutoRemove === true) return 'it is removed when it ends';
  return Config.Labels?.['com.docker.swarm.service.name'] === undefined
    ? undefined
    : 'a Swarm looks after it';
}
