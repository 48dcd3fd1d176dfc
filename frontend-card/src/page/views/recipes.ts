import { html, nothing, type TemplateResult } from 'lit';
import { define } from '../../parts/define.ts';
import { shapeStyle } from '../../parts/shape.ts';
import { tokens } from '../../parts/tokens.ts';
import '../act/act.ts';
import type { Order } from '../act/act.ts';
import { fieldsOf } from '../act/form-model.ts';
import { targetField } from '../act/targets.ts';
import { messageOf } from '../api.ts';
import { refusal } from '../bits.ts';
import { isAdministrator, may } from '../context.ts';
import { Part } from '../part.ts';
import { hashOf } from '../route.ts';
import { pageStyle } from '../style.ts';
import type { Recipe } from '../wire.ts';

/** What many labs want, with the form of each: `#recipes/<id>/<target>`. */
export class LabkeeperRecipes extends Part {
  static override properties = {
    ...Part.properties,
    recipes: { state: true },
    wrong: { state: true },
    problem: { state: true },
  };
  static override styles = [tokens, shapeStyle, pageStyle];

  declare recipes: readonly Recipe[] | undefined;
  declare wrong: readonly string[];
  declare problem: string | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#read();
  }

  async #read(): Promise<void> {
    type Answer = { recipes: readonly Recipe[]; problems: readonly string[] };
    try {
      const { recipes, problems } = await this.ctx.api.get<Answer>('api/recipes');
      Object.assign(this, { recipes, wrong: problems });
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  protected override render(): TemplateResult {
    const { ctx, recipes, problem, rest } = this;
    const { texts } = ctx;
    if (problem !== undefined) return html`${refusal(problem)}`;
    if (recipes === undefined) return html`<p class="dim">${texts.say('loading')}</p>`;
    const [id = '', target = ''] = rest;
    const recipe = recipes.find((one) => one.id === id);
    return recipe === undefined ? this.#all(recipes) : this.#one(recipe, target);
  }

  #all(recipes: readonly Recipe[]): TemplateResult {
    const { ctx, wrong } = this;
    const { texts, words } = ctx;
    return html`<h1>${texts.say('recipes_title')}</h1><p class="about">${texts.say('recipes_about')}</p>
      ${
        wrong.length === 0
          ? nothing
          : html`<section class="card stack"><h2>${texts.say('recipe_problems')}</h2>${wrong.map((line) => refusal(line))}</section>`
      }
      ${recipes.map((recipe) => {
        const { title, description } = texts.declared(recipe);
        return html`<section class="card stack" style="gap:4px">
          <div class="row"><h2 class="grow"><a href=${hashOf('recipes', recipe.id)}>${title}</a></h2>
            <span class="tag">${words.kind(recipe.target)}</span>
            ${isAdministrator(ctx.me) ? html`<a class="small" href=${hashOf('files', `recipes/${recipe.id}.yaml`)}>${texts.say('recipe_file')}</a>` : nothing}</div>
          <p class="text dim">${description}</p></section>`;
      })}`;
  }

  #one(recipe: Recipe, given: string): TemplateResult {
    const { ctx } = this;
    const { texts } = ctx;
    const { title, description } = texts.declared(recipe);
    const choices = recipe.choices ?? {};
    const needed = Object.entries(choices).filter(([, one]) => one.default === undefined && !one.optional);
    const target = given === '' ? undefined : given;
    const order: Order = {
      ...{ action: 'deploy_recipe', risk: 'provision', target },
      fields: fieldsOf({ properties: choices, required: needed.map(([key]) => key) }, texts),
      wrap: (values) => ({ recipe: recipe.id, values }),
    };
    return html`<p class="small"><a href=${hashOf('recipes')}>${texts.say('recipes_title')}</a></p>
      <h1>${title}</h1><p class="about">${description}</p>
      <section class="card stack">
        ${targetField(ctx, [recipe.target], target, (id) => {
          location.hash = hashOf('recipes', recipe.id, ...(id === undefined ? [] : [id]));
        })}
        ${may(ctx.me, 'provision') ? html`<labkeeper-page-act .ctx=${ctx} .order=${order}></labkeeper-page-act>` : html`<p>${texts.say('do_none')}</p>`}
      </section>
      ${
        (recipe.notes ?? []).length === 0
          ? nothing
          : html`<section class="card stack"><h2>${texts.say('recipe_notes')}</h2>${recipe.notes?.map((note) => html`<p class="text">${note}</p>`)}</section>`
      }`;
  }
}

define('labkeeper-page-recipes', LabkeeperRecipes);
