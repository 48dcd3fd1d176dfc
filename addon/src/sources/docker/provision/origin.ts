import type { UpdateStackInput } from '../../../contract/inputs/stacks.ts';
import { LabError } from '../../../core/errors.ts';
import { type Variables, variablesIn } from '../compose-file/variables.ts';
import { projectOf } from '../stacks/project.ts';
import type { WholeInspect } from '../update/anatomy.ts';
import type { Bench } from './bench.ts';
import { COMPOSE_FILE, MARK_FILE, markIn, VARIABLES_FILE } from './files.ts';
import { type MakeWay, makeWayOf, placeOf } from './ways.ts';

export const BEFORE = '.before';

/** From what a stack was made, and by whom. */
export interface Origin {
  readonly way: MakeWay;
  readonly folder: string;
  /** Its number in Portainer, and when it was last changed there. */
  readonly portainer?: { readonly id: number; readonly changed: number };
  readonly compose: string;
  readonly environment: Variables;
  /** What was there before the last change from here. */
  readonly before: { readonly compose: string; readonly environment: Variables } | undefined;
}

/**
 * Finds and reads it.
 *
 * @throws LabError `target_unsuitable` where its file is none that is changed from here
 */
export async function originOf(
  bench: Bench,
  name: string,
  members: readonly WholeInspect[],
  signal: AbortSignal,
): Promise<Origin> {
  const { portainer, stacksFolder } = bench;
  const stack = (await portainer?.list(signal))?.find(({ Name }) => Name === name);
  if (portainer !== undefined && stack !== undefined) {
    if (stack.GitConfig != null) throw elsewhere(name, 'its file is in a repository: change it there');
    const rows = (stack.Env ?? []) as readonly { readonly name?: string; readonly value?: string }[];
    return {
      ...{
        way: 'portainer',
        folder: `/data/compose/${stack.Id}`,
        compose: await portainer.file(stack.Id, signal),
      },
      portainer: { id: stack.Id, changed: stack.UpdateDate ?? 0 },
      environment: Object.fromEntries(rows.map((row) => [row.name ?? '', row.value ?? ''])),
      before: undefined,
    };
  }
  const folder = `${stacksFolder}/${name}`;
  const project = projectOf(members);
  const isHere = project?.files.length === 1 && project.files[0] === `${folder}/${COMPOSE_FILE}`;
  if (!isHere) throw elsewhere(name, `its file is not ${folder}/${COMPOSE_FILE}, where those from here are`);
  const found = await makeWayOf({ ...bench, portainer: undefined }, signal);
  const names = [COMPOSE_FILE, VARIABLES_FILE];
  const all = [...names, MARK_FILE, ...names.map((one) => `${one}${BEFORE}`)];
  const there = await placeOf(bench, found).read(folder, all, signal);
  const compose = there.get(COMPOSE_FILE);
  if (compose === undefined || markIn(there.get(MARK_FILE)) === undefined)
    throw elsewhere(name, `${folder} was not written from here, and what people wrote is not written over`);
  const older = there.get(`${COMPOSE_FILE}${BEFORE}`);
  return {
    ...{ way: found, folder, compose, environment: variablesIn(there.get(VARIABLES_FILE) ?? '') },
    before:
      older === undefined
        ? undefined
        : { compose: older, environment: variablesIn(there.get(`${VARIABLES_FILE}${BEFORE}`) ?? '') },
  };
}

/** What it shall be made from. @throws LabError `source_refused` where there is nothing before */
export function wantedOf(
  { compose, environment, before }: Origin,
  input: UpdateStackInput,
): { readonly compose: string; readonly environment: Variables } {
  if (input.previous !== true) {
    return { compose: input.compose ?? compose, environment: input.environment ?? environment };
  }
  if (before !== undefined) return before;
  throw new LabError('source_refused', 'there is no earlier file of it');
}

const elsewhere = (name: string, why: string): LabError =>
  new LabError('target_unsuitable', `${name} is not changed from here: ${why}`, {
    hint: 'change its file on its own machine; newer images come by image_update all the same',
  });
