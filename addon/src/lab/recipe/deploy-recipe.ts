import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { type Action, type ActionContext, defineAction, type Step } from '../../contract/action.ts';
import type { Recipe } from '../../contract/recipe.ts';
import type { Check, Preparation } from '../../contract/step.ts';
import { LabError } from '../../core/errors.ts';
import { KINDS, type Kind, type LabResource } from '../../kinds/index.ts';
import { isMeant } from '../build-out/conditions.ts';
import { labOf } from '../whole/view.ts';
import { chosenOf, filled } from './choices.ts';

const input = Type.Object(
  {
    recipe: Type.String({
      ...{ pattern: '^[a-z][a-z0-9_]{0,31}$', examples: ['docker_host'], title: 'Recipe' },
      description: 'Its id; GET api/recipes has all of them, with what each lets you choose.',
      de: {
        title: 'Rezept',
        description: 'Seine Kennung; GET api/recipes nennt alle und was sie offenlassen.',
      },
    }),
    values: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
        ...{ secret: true, maxProperties: 50, title: 'Choices' },
        description: 'What it lets you choose, by name. What is left out is as the recipe says.',
        de: { title: 'Auswahl', description: 'Was es offenlässt, nach Namen. Was fehlt, ist wie im Rezept.' },
      }),
    ),
  },
  { additionalProperties: false },
);
type Input = Static<typeof input>;
type Context = ActionContext<Input>;

/** One step of a recipe, as it was decided. */
interface Part {
  readonly action: string;
  /** As it may be written down: what was chosen in secret is not in it. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly decided: Readonly<Record<string, unknown>>;
  /** What was chosen goes into it in secret. */
  readonly hasSecret: boolean;
  /** Place of its template in the recipe. */
  readonly at: number;
}

/** @param actions what a recipe may be made of */
export const deployRecipe = (actions: readonly Action[]): Action<typeof input> =>
  defineAction({
    id: 'deploy_recipe',
    title: 'Deploy recipe',
    description:
      'Makes what a recipe describes: a Docker host, Home Assistant OS, Portainer, a set of VLANs … A dry run shows each step.',
    de: {
      title: 'Rezept anwenden',
      description:
        'Stellt her, was ein Rezept beschreibt: einen Docker-Host, Home Assistant OS, Portainer, einen Satz VLANs … Ein ' +
        'Probelauf zeigt jeden Schritt.',
    },
    risk: 'provision',
    kinds: Object.keys(KINDS) as Kind[],
    // What a recipe may be made of ends nothing: `partOf` sees to that.
    interrupts: () => false,
    input,
    prepare: async (context) => {
      const recipe = await recipeOf(context);
      const chosen = chosenOf(recipe, context.input.values ?? {});
      const parts: Part[] = [];
      const checks: Check[] = [];
      const warnings: string[] = [...(recipe.notes ?? [])];
      const fingerprints: string[] = [];
      for (const [at, { action: id, input: template, unless }] of recipe.steps.entries()) {
        const there = unless === undefined ? undefined : isThere(unless, [...labOf(context).all()]);
        if (there !== undefined) {
          warnings.push(`${there.name} is there already and stays as it is`);
          continue;
        }
        const given = filled(template, chosen) as Part['input'];
        const action = partOf(actions, id, given, context.target);
        const inner = { ...context, input: given, decided: {}, kept: {} };
        const made: Preparation = (await action.prepare?.(inner as never)) ?? { decided: {}, checks: [] };
        checks.push(...made.checks);
        warnings.push(...(made.warnings ?? []), ...(action.warnings?.(inner as never) ?? []));
        if (made.fingerprint !== undefined) fingerprints.push(made.fingerprint);
        const known = filled(template, withoutSecrets(recipe, chosen)) as Part['input'];
        const hasSecret = JSON.stringify(known) !== JSON.stringify(given);
        parts.push({ action: id, input: known, decided: made.decided, hasSecret, at });
      }
      const fingerprint = JSON.stringify([recipe.steps, fingerprints]);
      return { decided: { parts }, checks, warnings: [...new Set(warnings)], fingerprint };
    },
    plan: (context) => {
      const { parts } = context.decided as unknown as { readonly parts: readonly Part[] };
      const several = parts.length > 1;
      return parts.flatMap((part, index) => stepsOf(actions, part, index, several, context));
    },
  });

/** @throws LabError `target_unsuitable`, `input_invalid` */
async function recipeOf(context: Context): Promise<Recipe> {
  const { target, input: asked } = context;
  const { recipes, problems } = await labOf(context).recipes();
  const recipe = recipes.find(({ id }) => id === asked.recipe);
  if (recipe === undefined) {
    throw new LabError('input_invalid', `there is no recipe “${asked.recipe}”`, {
      path: 'input.recipe',
      hint: [`there are: ${recipes.map(({ id }) => id).join(', ')}`, ...problems].join('; '),
    });
  }
  if (recipe.target === target.kind) return recipe;
  throw new LabError(
    'target_unsuitable',
    `“${recipe.title}” is made on a ${recipe.target}, not on a ${target.kind}`,
  );
}

const isThere = (unless: NonNullable<Recipe['steps'][number]['unless']>, all: readonly LabResource[]) =>
  all.find((one) => one.kind === unless.kind && isMeant(one, unless as never));

/** @throws LabError where a recipe asks for what no recipe may do */
function partOf(actions: readonly Action[], id: string, given: unknown, { kind }: LabResource): Action {
  const action = actions.find((one) => one.id === id);
  const refused = (why: string): LabError => new LabError('input_invalid', `a step of the recipe ${why}`);
  if (action === undefined) throw refused(`asks for “${id}”, which there is not`);
  if (action.risk === 'destroy' || action.risk === 'disrupt')
    throw refused(`asks for “${action.title}” (${action.risk})`);
  if (!action.kinds.includes(kind))
    throw refused(`asks for “${action.title}”, which cannot be done to a ${kind}`);
  const [problem] = Value.Errors(action.input, given);
  if (problem === undefined) return action;
  throw refused(
    `(${action.title}) has a wrong input${problem.instancePath.replaceAll('/', '.')}: ${problem.message}`,
  );
}

const withoutSecrets = (
  { choices = {} }: Recipe,
  chosen: ReturnType<typeof chosenOf>,
): ReturnType<typeof chosenOf> =>
  Object.fromEntries(
    Object.entries(chosen).map(([name, value]) => [name, choices[name]?.secret ? '***' : value]),
  );

/** The steps of one part, by its own input and with what it alone keeps. */
function stepsOf(
  actions: readonly Action[],
  part: Part,
  index: number,
  several: boolean,
  outer: Context,
): readonly Step<Input>[] {
  const action = actions.find(({ id }) => id === part.action);
  if (action === undefined) throw new LabError('input_invalid', `there is no action “${part.action}”`);
  const key = `part_${index}`;
  const within = async (context: Context): Promise<ActionContext<unknown>> => {
    let kept = (context.kept[key] as Readonly<Record<string, unknown>> | undefined) ?? {};
    return {
      ...context,
      ...{ input: part.hasSecret ? await inputOf(part, context) : part.input, decided: part.decided, kept },
      note: ({ keep, ...news }) => {
        kept = { ...kept, ...keep };
        context.note({ ...news, ...(keep !== undefined && { keep: { [key]: kept } }) });
      },
    };
  };
  const inner = action.plan({ ...outer, input: part.input, decided: part.decided, kept: {} } as never);
  return (inner as readonly Step<unknown>[]).map(({ needsSecrets, happened, ...step }) => ({
    ...step,
    name: several ? `${index + 1}. ${step.name}` : step.name,
    run: async (context: Context) => step.run(await within(context)),
    ...(happened !== undefined && { happened: async (context: Context) => happened(await within(context)) }),
    // All but what was chosen in secret stands in what was decided.
    ...(needsSecrets && part.hasSecret && { needsSecrets }),
  }));
}

/** With what was chosen in secret, as long as that is known. */
async function inputOf(
  { at, input: known }: Part,
  context: Context,
): Promise<Readonly<Record<string, unknown>>> {
  const { values } = context.input;
  if (typeof values !== 'object') return known;
  const recipe = await recipeOf(context);
  return filled(recipe.steps[at]?.input ?? {}, chosenOf(recipe, values)) as Part['input'];
}
