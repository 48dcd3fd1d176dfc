import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite, test } from 'node:test';
import Type from 'typebox';
import Value from 'typebox/value';
import { parse } from 'yaml';
import type { Job } from '../addon/src/actions/job.ts';
import { loadRecipes, recipeFaults } from '../addon/src/config/recipes.ts';
import { type Action, type ActionContext, defineAction } from '../addon/src/contract/action.ts';
import type { Choices, Recipe } from '../addon/src/contract/recipe.ts';
import { BUILD_OUT } from '../addon/src/lab/build-out/shipped.ts';
import { ACTIONS } from '../addon/src/lab/index.ts';
import { chosenOf, filled } from '../addon/src/lab/recipe/choices.ts';
import { deployRecipe } from '../addon/src/lab/recipe/deploy-recipe.ts';
import { RECIPES } from '../addon/src/lab/recipe/shipped.ts';
import { bench, host } from './helpers/executor.ts';
import { settled } from './helpers/fake-clock.ts';

/** What no default says. */
const CHOSEN: Choices = {
  ssh_key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ you@desk',
  image: 'ghcr.io/someone/mcp-unifi:1',
  version: '16.3',
  checksum: 'ab'.repeat(32),
};
suite('recipes that come with Labkeeper', () => {
  for (const recipe of RECIPES) {
    test(`${recipe.id} asks for actions that there are, with inputs that these take`, () => {
      const { choices = {} } = recipe;
      const given = Object.entries(CHOSEN).filter(([name]) => name in choices);
      const chosen = chosenOf(recipe, Object.fromEntries(given));
      for (const { action: id, input } of recipe.steps) {
        const action = ACTIONS.find((one) => one.id === id);
        assert.ok(action, id);
        assert.ok(action.kinds.includes(recipe.target), `${id} of a ${recipe.target}`);
        const filledIn = filled(input, chosen);
        assert.deepEqual([...Value.Errors(action.input, filledIn)], [], JSON.stringify(filledIn));
        const { compose, user_data } = filledIn as { compose?: string; user_data?: string };
        for (const text of [compose, user_data]) if (text !== undefined) assert.ok(parse(text), text);
      }
    });

    test(`${recipe.id} is told of in both languages`, () => {
      assert.ok(recipe.de?.title && recipe.de.description);
      for (const [name, choice] of Object.entries(recipe.choices ?? {})) {
        assert.ok(choice.de?.title, name);
        assert.equal(choice.de.description === undefined, choice.description === undefined, name);
      }
    });
  }

  test('are those of the folder, each with the name of its file', () => {
    const folder = path.join(import.meta.dirname, '../recipes');
    const files = readdirSync(folder).filter((name) => name !== 'build-out.yaml');
    const ids = files.map((name) => (parse(readFileSync(path.join(folder, name), 'utf8')) as Recipe).id);
    assert.deepEqual(
      ids,
      files.map((name) => name.replace('.yaml', '').replaceAll('-', '_')),
    );
    assert.deepEqual(RECIPES.map(({ id }) => id).sort(), [...ids].sort());
  });

  test('are all there that the build-out asks for', () => {
    const asked = BUILD_OUT.phases
      .flatMap(({ items }) => items)
      .flatMap(({ action }) => (action?.id === 'deploy_recipe' ? [String(action.input?.recipe)] : []));
    for (const id of asked)
      assert.ok(
        RECIPES.some((recipe) => recipe.id === id),
        id,
      );
  });
});

suite('what a recipe lets one choose', () => {
  const recipe: Recipe = {
    ...{ id: 'r', title: 'R', description: 'R.', target: 'host', steps: [{ action: 'x', input: {} }] },
    choices: {
      name: { type: 'string', title: 'Name', pattern: '[a-z]+' },
      size: { type: 'integer', title: 'Size', default: 4, minimum: 1, maximum: 8 },
      mode: { type: 'string', title: 'Mode', enum: ['a', 'b'], optional: true },
      fast: { type: 'boolean', title: 'Fast', optional: true },
    },
  };
  const wrong = (given: Choices): string => {
    try {
      chosenOf(recipe, given);
    } catch (thrown) {
      return (thrown as Error).message;
    }
    return assert.fail('taken');
  };

  test('is taken as it is, by its default, or left out', () => {
    assert.deepEqual(chosenOf(recipe, { name: 'web' }), { name: 'web', size: 4 });
    assert.deepEqual(chosenOf(recipe, { name: 'web', size: 8, mode: 'b', fast: false }), {
      ...{ name: 'web', size: 8, mode: 'b', fast: false },
    });
  });

  test('is refused with all that is wrong', () => {
    assert.match(wrong({}), /values\.name \(Name\): is missing/);
    assert.match(wrong({ name: 'Web' }), /must look like \[a-z\]\+/);
    assert.match(wrong({ name: 'web\nmore' }), /one line/);
    assert.match(wrong({ name: 'x'.repeat(501) }), /at most 500/);
    assert.match(
      wrong({ name: 'web', size: 9, mode: 'c', fast: 'yes', other: 1 }),
      /other: .*size.*1 to 8.*mode.*a, b.*fast/,
    );
    assert.match(wrong({ name: 'web', size: 1.5 }), /whole number/);
  });

  test('goes into its places as what it is, and takes the key along that nothing was chosen for', () => {
    const template = {
      a: '{{ size }}',
      b: 'x{{size}}y {{ name }}',
      c: '{{ mode }}',
      d: ['{{ mode }}', '$HOME', '{{ X }}', '{{.Name}}'],
      e: 1,
    };
    assert.deepEqual(filled(template, { name: 'web', size: 4 }), {
      ...{ a: 4, b: 'x4y web', d: ['$HOME', '{{ X }}', '{{.Name}}'], e: 1 },
    });
  });
});

suite('deploying a recipe', () => {
  /** An action that notes what it was given. */
  const part = (id: string, more: Partial<Action> = {}, gate?: () => Promise<void>) => {
    const seen: unknown[] = [];
    const action = defineAction({
      ...{ id, title: id, description: id, risk: 'provision', kinds: ['host'] },
      input: Type.Object(
        { name: Type.String(), key: Type.Optional(Type.String({ secret: true })) },
        { additionalProperties: false },
      ),
      prepare: async ({ input }: ActionContext<{ name: string }>) => ({
        ...{
          decided: { name: input.name },
          checks: [{ name: id, ok: input.name !== 'bad', message: 'looked' }],
        },
        warnings: [`${id} takes long`],
      }),
      plan: () => [
        {
          ...{ name: 'Make', calls: [`POST /${id}`], needsSecrets: true as const },
          run: async ({ input, decided, note }: ActionContext<unknown>) => {
            seen.push(input, decided);
            note({ keep: { id } });
            await gate?.();
          },
          happened: async () => true,
        },
        {
          name: 'See',
          run: async ({ kept }: ActionContext<unknown>) => void seen.push(kept),
          happened: async () => false,
        },
      ],
      ...more,
    } as never) as unknown as Action;
    return { action, seen };
  };
  const RECIPE: Recipe = {
    ...{ id: 'two', title: 'Two things', description: 'Two.', target: 'host', notes: ['mind the gap'] },
    choices: {
      name: { type: 'string', title: 'Name', default: 'web' },
      key: { type: 'string', title: 'Key', secret: true, optional: true },
    },
    steps: [
      { action: 'first', input: { name: '{{ name }}', key: '{{ key }}' } },
      { action: 'second', input: { name: 'other' }, unless: { kind: 'container', name: 'plex' } },
      { action: 'second', input: { name: 'more' } },
    ],
  };
  const lab = (parts: readonly Action[], recipes: readonly Recipe[] = [RECIPE], more: object = {}) => {
    const made = bench(
      {},
      {
        allow: 'provision',
        actions: [deployRecipe(parts) as unknown as Action],
        capabilities: {
          lab: {
            all: () => made.resources.values(),
            recipes: async () => ({ recipes, problems: [] }),
          } as never,
        },
        ...more,
      },
    );
    const request = (input: object = {}) =>
      ({
        action: 'deploy_recipe',
        target: host.id,
        door: 'homeassistant',
        user: 'x',
        input: { recipe: 'two', ...input },
      }) as never;
    const deploy = async (input?: object): Promise<Job> =>
      (await made.executor.ended(made.executor.submit(request(input)).id)) as Job;
    return { ...made, deploy, request };
  };

  test('does one step after the other, each by its own input, and leaves out what is there', async () => {
    const [first, second] = [part('first'), part('second')];
    const { deploy, executor, request } = lab([first.action, second.action]);
    const plan = await executor.plan(request());
    assert.deepEqual(
      plan.steps.map(({ name, calls }) => [name, calls]),
      [
        ['1. Make', ['POST /first']],
        ['1. See', undefined],
        ['2. Make', ['POST /second']],
        ['2. See', undefined],
      ],
    );
    assert.deepEqual(plan.warnings, [
      ...[
        'mind the gap',
        'first takes long',
        'plex is there already and stays as it is',
        'second takes long',
      ],
    ]);
    const job = await deploy({ values: { name: 'mine' } });
    assert.deepEqual([job.state, job.error], ['succeeded', undefined]);
    assert.deepEqual(first.seen, [{ name: 'mine' }, { name: 'mine' }, { id: 'first' }]);
    assert.deepEqual(second.seen, [{ name: 'more' }, { name: 'more' }, { id: 'second' }]);
  });

  test('does nothing at all where one of its parts cannot be done', async () => {
    const [first, second] = [part('first'), part('second')];
    const { deploy } = lab(
      [first.action, second.action],
      [{ ...RECIPE, steps: [...RECIPE.steps, { action: 'second', input: { name: 'bad' } }] }],
    );
    assert.equal((await deploy()).error?.code, 'check_failed');
    assert.deepEqual([first.seen, second.seen], [[], []]);
  });

  test('is refused where it asks for what no recipe may do, or what there is not', async () => {
    const destroying = part('first', { risk: 'destroy' }).action;
    const fine = part('second').action;
    const errorOf = async (
      parts: readonly Action[],
      input?: object,
      recipes?: readonly Recipe[],
    ): Promise<string> => (await lab(parts, recipes).deploy(input)).error?.message ?? '';
    assert.match(await errorOf([destroying, fine]), /asks for “first” \(destroy\)/);
    assert.match(await errorOf([fine]), /asks for “first”, which there is not/);
    assert.match(
      await errorOf([part('first', { kinds: ['guest'] }).action, fine]),
      /cannot be done to a host/,
    );
    const steps = [{ action: 'second', input: { name: 7 } }];
    assert.match(await errorOf([fine], {}, [{ ...RECIPE, steps }]), /wrong input\.name: /);
    assert.match(
      await errorOf([fine], {}, [{ ...RECIPE, target: 'node' }]),
      /is made on a node, not on a host/,
    );
    assert.match(await errorOf([fine], { recipe: 'none' }), /there is no recipe “none”/);
    assert.match(await errorOf([fine], { values: { size: 1 } }), /nothing to choose by that name/);
  });

  test('keeps what is chosen in secret out of all that is written down', async () => {
    const [first, second] = [part('first'), part('second')];
    const { deploy, database } = lab([first.action, second.action]);
    await deploy({ values: { key: 'open sesame' } });
    assert.deepEqual(first.seen[0], { name: 'web', key: 'open sesame' });
    const written = database.prepare('SELECT * FROM jobs').all();
    assert.equal(JSON.stringify(written).includes('sesame'), false);
  });

  test('goes on after a restart, by what was decided', async () => {
    const gate = Promise.withResolvers<void>();
    const before = lab([part('first', {}, () => gate.promise).action, part('second').action]);
    const { id } = before.executor.submit(before.request({ values: { name: 'mine' } }));
    await settled();
    await settled();
    const [first, second] = [part('first'), part('second')];
    const after = lab([first.action, second.action], [RECIPE], { database: before.database });
    after.executor.look(host);
    const job = await after.executor.ended(id);
    assert.deepEqual([job?.state, job?.error], ['succeeded', undefined]);
    assert.deepEqual(first.seen, [{ id: 'first' }], 'its first step had happened');
    assert.deepEqual(second.seen.at(-1), { id: 'second' });
    gate.resolve();
  });
});

suite('files of recipes', () => {
  test('add to what comes with Labkeeper, take the place of some of it, and keep no other from counting', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'labkeeper-'));
    try {
      assert.deepEqual(await loadRecipes(undefined, RECIPES), { recipes: RECIPES, problems: [] });
      assert.deepEqual(await loadRecipes(folder, RECIPES), { recipes: RECIPES, problems: [] });
      mkdirSync(path.join(folder, 'recipes'));
      const write = (name: string, text: string): void =>
        writeFileSync(path.join(folder, 'recipes', name), text);
      const minimal = (id: string): string =>
        `{id: ${id}, title: Mine, description: Mine., target: host, steps: [{action: deploy_stack, input: {}}]}`;
      write('portainer.yaml', minimal('portainer'));
      write('own.yml', minimal('own'));
      write('wrong.yaml', '{id: wrong, titel: Mine, steps: []}');
      write('broken.yaml', 'a: [');
      write('build-out.yaml', 'phases: []');
      const { recipes, problems } = await loadRecipes(folder, RECIPES);
      assert.equal(recipes.find(({ id }) => id === 'portainer')?.title, 'Mine');
      assert.ok(recipes.some(({ id }) => id === 'own') && recipes.some(({ id }) => id === 'vlans'));
      assert.match(problems.join('\n'), /wrong\.yaml: titel: .*did you mean “title”/);
      assert.match(problems.join('\n'), /broken\.yaml: /);
      assert.doesNotMatch(problems.join('\n'), /build-out/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('tell of places that nothing is chosen for, and of patterns that are none', () => {
    const given = {
      ...{
        id: 'x',
        title: 'X',
        description: 'X.',
        target: 'host',
        steps: [{ action: 'a', input: { b: '{{ c }}' } }],
      },
      choices: { d: { type: 'string', title: 'D', pattern: '(' } },
    };
    assert.deepEqual(recipeFaults(given), [
      'steps[0].input: “c” is none of the choices',
      'choices.d.pattern: is no regular expression',
    ]);
  });
});
