import { ANNOUNCEMENTS_FILE } from '../config/announcements.ts';
import { ownFiles } from '../config/own-files.ts';
import { textOf } from '../config/workloads.ts';
import type { Action } from '../contract/action.ts';
import type { OwnFiles } from '../contract/own-file.ts';
import { BUILD_OUT_FILE } from '../lab/build-out/shipped.ts';
import { RECIPES } from '../lab/recipe/shipped.ts';
import { WORKLOADS } from '../lab/workload-fit.ts';
import { vocabularyOf } from './vocabulary.ts';

/** The files that people write beside the options. @param folder undefined: there is none */
export function filesOf(
  folder: string | undefined,
  actions: readonly Action[],
): { readonly files?: OwnFiles } {
  if (folder === undefined) return {};
  const shipped = {
    'announcements.yaml': ANNOUNCEMENTS_FILE,
    'recipes/build-out.yaml': BUILD_OUT_FILE,
    'workloads.yaml': textOf(WORKLOADS),
  };
  return { files: ownFiles({ folder, shipped, recipes: RECIPES, words: vocabularyOf(actions) }) };
}
