import { isDeepStrictEqual } from 'node:util';
import type { ContainerConfig, HostConfig, ImageConfig, WholeInspect } from './anatomy.ts';
import { type Networking, networkingOf } from './networking.ts';

/** By which Compose tells whether a container was made from the image that its file means. */
const COMPOSE_IMAGE = 'com.docker.compose.image';
const SHARED = ['NetworkMode', 'PidMode', 'IpcMode'] as const;

/** What another container is made from. */
export interface Remake extends Networking {
  /** Without the leading slash. */
  readonly name: string;
  /** Body of `POST /containers/create`; how it is on its main network is in it. */
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * What makes a container like this one from another image: what its maker asked for, which is what differs from the old
 * image. What is the image's own is left to the new one.
 *
 * @param oldImage the configuration of the image that it was made from; empty where that is not known any more: then
 * everything is taken for asked for
 * @param newImageId of the image that it will be made from, `sha256:…`
 * @param replaced ids of containers that others have taken the place of, with those
 */
export function remakeOf(
  inspect: WholeInspect,
  oldImage: ImageConfig,
  newImageId: string,
  replaced: ReadonlyMap<string, string> = new Map(),
): Remake {
  const networking = networkingOf(inspect);
  const body = {
    ...configOf(inspect, oldImage, newImageId),
    HostConfig: hostConfigOf(inspect, replaced),
    ...(networking.main !== undefined && {
      NetworkingConfig: { EndpointsConfig: { [networking.main.name]: networking.main.endpoint } },
    }),
  };
  return { name: inspect.Name.replace(/^\//, ''), body, ...networking };
}

/** Whether a container lives in a namespace of another: it has to be made anew with that. */
export function sharesWith(
  { HostConfig }: WholeInspect,
  other: { readonly id: string; readonly name: string },
): boolean {
  return SHARED.some((mode) => {
    const ref = /^container:(.+)$/.exec(String(HostConfig[mode] ?? ''))?.[1];
    return ref !== undefined && (ref === other.name || other.id.startsWith(ref));
  });
}

function configOf(
  { Id, Config, HostConfig }: WholeInspect,
  image: ImageConfig,
  newImageId: string,
): Readonly<Record<string, unknown>> {
  const { Env, Cmd, Entrypoint, Labels, Healthcheck, ExposedPorts, Volumes, Hostname, OnBuild, ...rest } =
    Config;
  const isJoined = (HostConfig.NetworkMode ?? '').startsWith('container:');
  const labels = without(Labels ?? {}, image.Labels ?? {});
  const own = Object.fromEntries(
    Object.entries(rest).filter(([key, value]) => !isDeepStrictEqual(value, image[key as keyof ImageConfig])),
  );
  return {
    ...own,
    ...commandOf(Config, image),
    Image: Config.Image,
    Env: (Env ?? []).filter((line) => !image.Env?.includes(line)),
    Labels: COMPOSE_IMAGE in labels ? { ...labels, [COMPOSE_IMAGE]: newImageId } : labels,
    ...(Healthcheck != null && !isDeepStrictEqual(Healthcheck, image.Healthcheck) && { Healthcheck }),
    // In another's network there is neither a name nor a port of its own, and the engine refuses both.
    ...(!isJoined && { ExposedPorts: without(ExposedPorts ?? {}, image.ExposedPorts ?? {}) }),
    Volumes: without(Volumes ?? {}, image.Volumes ?? {}),
    // What the engine made of the id is not what anybody asked for.
    ...(Hostname !== undefined &&
      !isJoined &&
      HostConfig.UTSMode !== 'host' &&
      HostConfig.NetworkMode !== 'host' &&
      !Id.startsWith(Hostname || '-') && { Hostname }),
  };
}

/** The engine takes the image's command only where neither command nor entry point is given. */
function commandOf({ Cmd, Entrypoint }: ContainerConfig, image: ImageConfig): object {
  const isEntry = same(Entrypoint, image.Entrypoint);
  if (isEntry && same(Cmd, image.Cmd)) return {};
  const given = (Cmd ?? []).length > 0 ? { Cmd } : {};
  if (isEntry && 'Cmd' in given) return given;
  // One empty word is how to ask for none at all.
  return { Entrypoint: (Entrypoint ?? []).length > 0 ? Entrypoint : [''], ...given };
}

function hostConfigOf(inspect: WholeInspect, replaced: ReadonlyMap<string, string>): HostConfig {
  const { HostConfig, Mounts } = inspect;
  const { ContainerIDFile, ...host } = HostConfig;
  const asked = (host.Mounts ?? []).map((mount) => {
    // Without a source it was a new volume; the one that it became is to stay.
    const found = Mounts?.find(({ Destination }) => Destination === mount.Target);
    const isNew = mount.Type === 'volume' && !mount.Source && found?.Name !== undefined;
    return isNew ? { ...mount, Source: found.Name } : mount;
  });
  const isJoined = (host.NetworkMode ?? '').startsWith('container:');
  return {
    ...host,
    ...Object.fromEntries(
      SHARED.filter((mode) => host[mode] !== undefined).map((mode) => [
        mode,
        moved(String(host[mode]), replaced),
      ]),
    ),
    Binds: [...(host.Binds ?? []), ...anonymousOf(inspect)],
    ...(asked.length > 0 && { Mounts: asked }),
    ...(host.Links != null && { Links: host.Links.map(linkOf) }),
    ...(isJoined && { PortBindings: {} }),
  };
}

/** Volumes that the image or its maker wanted without a name: by the name that they got. */
function anonymousOf({ HostConfig, Mounts }: WholeInspect): readonly string[] {
  const asked = new Set([
    ...(HostConfig.Binds ?? []).map((bind) => bind.split(':')[1]),
    ...(HostConfig.Mounts ?? []).map(({ Target }) => Target),
  ]);
  return (Mounts ?? []).flatMap(({ Type, Name, Destination, RW }) =>
    Type === 'volume' && Name !== undefined && !asked.has(Destination)
      ? [`${Name}:${Destination}${RW === false ? ':ro' : ''}`]
      : [],
  );
}

/** `container:<id>` of one that was replaced, with the new one’s. */
function moved(mode: string, replaced: ReadonlyMap<string, string>): string {
  const id = /^container:(.+)$/.exec(mode)?.[1];
  return id === undefined ? mode : `container:${replaced.get(id) ?? id}`;
}

/** The engine tells `/db:/web/database` of what was asked for as `db:database`. */
function linkOf(link: string): string {
  const [from = '', to = ''] = link.split(':');
  return `${from.replace(/^\//, '')}:${to.split('/').at(-1)}`;
}

const same = (
  one: readonly string[] | null | undefined,
  other: readonly string[] | null | undefined,
): boolean => isDeepStrictEqual(one ?? [], other ?? []);

function without<T>(all: Readonly<Record<string, T>>, image: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(all).filter(([key, value]) => !isDeepStrictEqual(value, image[key])),
  );
}
