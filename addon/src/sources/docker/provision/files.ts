import { type Variables, variablesFile } from '../compose-file/variables.ts';
import type { Project } from '../stacks/project.ts';
import type { Packed } from './tar.ts';

export const COMPOSE_FILE = 'compose.yaml';
export const VARIABLES_FILE = '.env';
/** Says which job wrote the files: so it is known whether that has happened, and that they are ours. */
export const MARK_FILE = '.labkeeper';

/** What a stack is made from. */
export interface StackFiles {
  readonly compose: string;
  readonly environment: Variables;
  readonly files: readonly Packed[];
}

export const projectIn = (name: string, folder: string): Project => ({
  ...{ name, folder, files: [`${folder}/${COMPOSE_FILE}`], variables: [] },
});

/** @param mark of the job, written last */
export function filesOf({ compose, environment, files }: StackFiles, mark: string): readonly Packed[] {
  return [
    ...files,
    { path: VARIABLES_FILE, text: variablesFile(environment) },
    { path: COMPOSE_FILE, text: compose },
    { path: MARK_FILE, text: `${JSON.stringify({ job: mark })}\n` },
  ];
}

/** undefined: it is none of ours. */
export function markIn(text: string | undefined): string | undefined {
  try {
    const { job } = JSON.parse(text ?? '') as { job?: unknown };
    return typeof job === 'string' ? job : undefined;
  } catch {
    return undefined;
  }
}
