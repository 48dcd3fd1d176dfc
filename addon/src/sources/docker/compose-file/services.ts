import { isTrue, itemsOf, namesIn, tableOf, textOf, under, wordOf } from './look.ts';
import { type Mount, mountOf } from './mounts.ts';
import { type Port, portOf } from './ports.ts';
import { invalid, type Piece } from './yaml.ts';

/** A service of a Compose file, as far as it has to be known before. */
export interface Service {
  readonly name: string;
  readonly line: number;
  /** undefined: it is built. */
  readonly image: string | undefined;
  readonly isBuilt: boolean;
  readonly containerName: string | undefined;
  readonly ports: readonly Port[];
  readonly mounts: readonly Mount[];
  /** Keys in the file; empty where it has no network of its own. */
  readonly networks: readonly string[];
  /** How many containers it shall have. */
  readonly count: number;
  /** Services that have to have ended well before it starts. */
  readonly awaits: readonly string[];
  /** What gives it power over its machine, for people. */
  readonly powers: readonly string[];
  /** By each of its keys what it says: not for people, it may be secret. */
  readonly said: Readonly<Record<string, string>>;
}

const NAME = /^[a-zA-Z0-9._-]+$/;
const CONTAINER = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

/**
 * The services that would be made; those that wait for a profile are not.
 *
 * @param file whose variables are filled in
 * @throws LabError `input_invalid` with the line
 */
export function servicesOf(file: Piece): readonly Service[] {
  const services = tableOf(under(file, 'services'), 'services');
  if (services.size === 0) throw invalid('it has no services', 1);
  return [...services].flatMap(([name, piece]) => {
    if (!NAME.test(name)) throw invalid(`“${name.slice(0, 80)}” is no name of a service`, piece.line);
    tableOf(piece, `the service ${name}`);
    return namesIn(under(piece, 'profiles'), 'profiles').length > 0 ? [] : [serviceOf(name, piece)];
  });
}

function serviceOf(name: string, piece: Piece): Service {
  const isBuilt = under(piece, 'build') !== undefined;
  const image = textOf(under(piece, 'image'), 'image');
  if (image === undefined && !isBuilt) throw invalid(`${name} has no image`, piece.line);
  const containerName = textOf(under(piece, 'container_name'), 'container_name');
  if (containerName !== undefined && !CONTAINER.test(containerName))
    throw invalid(`“${containerName.slice(0, 80)}” is no name of a container`, piece.line);
  const mode = textOf(under(piece, 'network_mode'), 'network_mode');
  const networks = under(piece, 'networks');
  return {
    ...{ name, line: piece.line, image, isBuilt, containerName },
    ports: itemsOf(under(piece, 'ports'), 'ports').map(portOf),
    mounts: itemsOf(under(piece, 'volumes'), 'volumes').map(mountOf),
    networks: mode !== undefined ? [] : networks === undefined ? ['default'] : namesIn(networks, 'networks'),
    count: countOf(piece),
    awaits: awaitsOf(under(piece, 'depends_on')),
    powers: powersOf(piece, mode),
    said: Object.fromEntries(
      [...tableOf(piece, name)].map(([key, value]) => [key, JSON.stringify(wordOf(value))]),
    ),
  };
}

function countOf(piece: Piece): number {
  const given = under(under(piece, 'deploy'), 'replicas') ?? under(piece, 'scale');
  const count = Number(textOf(given, 'scale') ?? '1');
  if (Number.isInteger(count) && count >= 0 && count <= 100) return count;
  throw invalid('a service has between 0 and 100 containers', given?.line);
}

function awaitsOf(needs: Piece | undefined): readonly string[] {
  if (needs?.kind !== 'table') return [];
  return [...needs.entries].flatMap(([name, need]) =>
    textOf(under(need, 'condition'), 'condition') === 'service_completed_successfully' ? [name] : [],
  );
}

/** Places of a machine that are more than data. */
const DEEP =
  /^\/(|etc|boot|dev|proc|sys|root|home|usr|bin|sbin|lib|var|var\/lib|run|var\/lib\/docker(\/.*)?)$/;

function powersOf(piece: Piece, mode: string | undefined): readonly string[] {
  const has = (key: string): boolean => namesIn(under(piece, key), key).length > 0;
  const shares = (key: string): boolean => textOf(under(piece, key), key) === 'host';
  return [
    ...(isTrue(under(piece, 'privileged')) ? ['is privileged'] : []),
    ...(mode === 'host' ? ['is on its machine’s own network'] : []),
    ...(shares('pid') || shares('ipc') || shares('userns_mode') ? ['shares namespaces of its machine'] : []),
    ...(has('cap_add') ? [`has ${namesIn(under(piece, 'cap_add'), 'cap_add').join(', ')}`] : []),
    ...(has('devices') ? ['gets devices of its machine'] : []),
    ...(has('security_opt') ? ['has security options of its own'] : []),
  ];
}

/** What a mount of the machine gives away, for people; undefined: nothing special. @param source whole */
export function powerOfMount(source: string): string | undefined {
  if (/\/(docker|podman|containerd)\.sock$/.test(source))
    return `gets ${source}, and all power over its machine with it`;
  return DEEP.test(source) ? `gets ${source} of its machine` : undefined;
}
