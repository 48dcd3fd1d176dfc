import { isTrue, mapped, tableOf, textOf, under } from './look.ts';
import { type Mount, wholePath } from './mounts.ts';
import { type Outside, outsideOf } from './outside.ts';
import { type Service, servicesOf } from './services.ts';
import { filled, type Variables } from './variables.ts';
import { invalid, type Piece, readYaml } from './yaml.ts';

/** A volume or network of a Compose file, by the name that the engine has for it. */
export interface Named {
  readonly key: string;
  readonly name: string;
  /** It has to be there already. */
  readonly isExternal: boolean;
}

/** What a Compose file would make, under the name of a project. */
export interface Outline {
  readonly services: readonly Service[];
  /** Those that services use. */
  readonly volumes: readonly Named[];
  readonly networks: readonly Named[];
  readonly outside: readonly Outside[];
}

/** Keys that say something of other files, which would have to be read first. */
const ELSEWHERE = ['include'] as const;

/**
 * Reads a Compose file.
 *
 * @param variables for its `${…}`
 * @throws LabError `input_invalid` with the line; and where variables are not set, with all of their names
 */
export function outlineOf(text: string, project: string, variables: Variables): Outline {
  const raw = readYaml(text);
  const unset = new Map<string, number>();
  const file = mapped(raw, (leaf) => {
    const { text: full, unset: missing } = filledAt(leaf, variables);
    for (const name of missing) if (!unset.has(name)) unset.set(name, leaf.line);
    return full;
  });
  checkWhole(file);
  if (unset.size > 0) {
    const names = [...unset].map(([name, line]) => `${name} (line ${line})`).join(', ');
    throw invalid(`needs variables that are not set: ${names}`);
  }
  const services = servicesOf(file);
  const used = (of: (service: Service) => readonly string[]): readonly string[] => [
    ...new Set(services.flatMap(of)),
  ];
  const volumes = used(({ mounts }) => mounts.flatMap(namedVolume));
  const networks = used(({ networks: all }) => all);
  return {
    services,
    volumes: volumes.map((key) => namedIn(file, 'volumes', key, project)),
    networks: networks.map((key) => namedIn(file, 'networks', key, project)),
    outside: outsideOf(file),
  };
}

function filledAt(leaf: { readonly text: string; readonly line: number }, variables: Variables) {
  try {
    return filled(leaf.text, variables);
  } catch (thrown) {
    throw invalid((thrown as Error).message, leaf.line);
  }
}

function checkWhole(file: Piece): void {
  for (const key of ELSEWHERE) {
    const found = under(file, key);
    if (found !== undefined) throw invalid(`${key}: write all of it into one file`, found.line);
  }
  for (const service of tableOf(under(file, 'services'), 'services').values()) {
    const found = under(service, 'extends');
    if (found !== undefined)
      throw invalid('extends: write out what it takes over, or use an anchor', found.line);
  }
}

const namedVolume = ({ type, source }: Mount): readonly string[] =>
  type === 'volume' && source !== undefined ? [source] : [];

function namedIn(file: Piece, kind: 'volumes' | 'networks', key: string, project: string): Named {
  const all = under(file, kind);
  const piece = all?.kind === 'table' ? all.entries.get(key) : undefined;
  if (piece === undefined && !(kind === 'networks' && key === 'default'))
    throw invalid(`${key} is used, and does not stand under ${kind}`, all?.line);
  const external = under(piece, 'external');
  const isExternal = external?.kind === 'table' || isTrue(external);
  const given = textOf(under(piece, 'name') ?? under(external, 'name'), 'name');
  return { key, name: given ?? (isExternal ? key : `${project}_${key}`), isExternal };
}

/** Where a mount leads on the engine: a whole path, or the name of a volume; undefined: to nothing that is kept. */
export function sourceOf({ type, source }: Mount, { volumes }: Outline, folder: string): string | undefined {
  if (source === undefined || type === 'tmpfs' || type === 'other') return undefined;
  return type === 'bind' ? wholePath(source, folder) : volumes.find(({ key }) => key === source)?.name;
}
