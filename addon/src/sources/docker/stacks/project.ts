/** As far as an engine's word of a container is needed here. */
interface Labelled {
  readonly Config: { readonly Labels?: Readonly<Record<string, string>> | null };
}

/** What Compose wrote on a container of where it comes from. */
export interface Project {
  readonly name: string;
  /** Where relative paths of its files begin; undefined: not known. */
  readonly folder: string | undefined;
  /** Whole paths on the machine that Compose ran on; empty: not known. */
  readonly files: readonly string[];
  /** Of variables, where others than `.env` were named. */
  readonly variables: readonly string[];
}

/** One container of a stack, as Compose counts them. */
export interface Part {
  readonly service: string;
  readonly number: string;
}

const LABEL = 'com.docker.compose.';

/** undefined: Compose did not make it. */
export function partOf({ Config }: Labelled): Part | undefined {
  const labels = Config.Labels ?? {};
  const service = labels[`${LABEL}service`];
  return service === undefined ? undefined : { service, number: labels[`${LABEL}container-number`] ?? '1' };
}

/**
 * From which files a stack was made; undefined: Compose made none of its containers. Where its containers name
 * different files, no file is the stack's own.
 */
export function projectOf(members: readonly Labelled[]): Project | undefined {
  const all = members.flatMap(({ Config }) => {
    const labels = Config.Labels ?? {};
    const name = labels[`${LABEL}project`];
    return name === undefined ? [] : [{ name, ...placesOf(labels) }];
  });
  const [first, ...others] = all;
  if (first === undefined) return undefined;
  const isOne = others.every((other) => JSON.stringify(other) === JSON.stringify(first));
  return isOne ? first : { name: first.name, folder: undefined, files: [], variables: [] };
}

function placesOf(labels: Readonly<Record<string, string>>): Omit<Project, 'name'> {
  const folder = labels[`${LABEL}project.working_dir`] || undefined;
  const listOf = (label: string): readonly string[] => {
    const texts = (labels[`${LABEL}${label}`] ?? '').split(',').filter((text) => text !== '');
    const whole = texts.map((text) => (text.startsWith('/') ? text : `${folder}/${text}`));
    // Read from a pipe, as with `-f -`, it is nowhere.
    return folder?.startsWith('/') && !texts.includes('-') ? whole : [];
  };
  return {
    folder,
    files: listOf('project.config_files'),
    variables: listOf('project.environment_file'),
  };
}

/**
 * Whether an image says itself where files are. Compose says that of containers only: whoever made such an image would
 * have a file of theirs applied, with all the rights that Compose has.
 */
export const isForged = (imageLabels: Readonly<Record<string, string>>): boolean =>
  Object.keys(imageLabels).some((label) =>
    ['project.working_dir', 'project.config_files', 'project.environment_file'].includes(
      label.replace(LABEL, ''),
    ),
  );

/** Where Portainer keeps the files of its stacks, which is inside its own container. */
export const isInPortainer = ({ folder = '' }: Project): boolean =>
  /^\/data\/compose\/\d+(\/|$)/.test(folder);

/** The folders that hold a project's files, those in others left out. */
export function foldersOf({ folder = '/', files, variables }: Project): readonly string[] {
  const all = [folder, ...[...files, ...variables].map((file) => file.replace(/\/[^/]*$/, '') || '/')];
  const distinct = [...new Set(all.map((one) => one.replace(/(.)\/+$/, '$1')))];
  return distinct.filter((one) => !distinct.some((other) => other !== one && isUnder(one, other)));
}

const isUnder = (one: string, other: string): boolean => one.startsWith(other === '/' ? '/' : `${other}/`);
