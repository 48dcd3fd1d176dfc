import { html, type TemplateResult } from 'lit';
import type { Context } from './context.ts';

/** Draws a part. @param rest what of the address is behind the part's name */
export type PartView = (ctx: Context, rest: readonly string[]) => TemplateResult;

interface PartRow {
  readonly id: string;
  /** Who may only look has nothing to see there. */
  readonly administrators?: true;
  /** With it begins another group of parts. */
  readonly begins?: true;
  /** What few people open is loaded then. */
  readonly load: () => Promise<PartView>;
}

const labView = (id: 'resources' | 'network' | 'storage' | 'ai' | 'build-out'): PartRow => ({
  id,
  load: async () => {
    await import('./views/lab-views.ts');
    return (ctx) => html`<labkeeper-page-view .ctx=${ctx} .view=${id}></labkeeper-page-view>`;
  },
});

/** The parts of the page, in their order. */
export const PARTS: readonly PartRow[] = [
  {
    id: 'lab',
    load: async () => {
      await import('./views/overview.ts');
      return (ctx, rest) =>
        html`<labkeeper-page-overview .ctx=${ctx} .rest=${rest}></labkeeper-page-overview>`;
    },
  },
  ...(['resources', 'network', 'storage', 'ai', 'build-out'] as const).map(labView),
  {
    ...{ id: 'do', begins: true },
    load: async () => {
      await import('./views/actions.ts');
      return (ctx, rest) => html`<labkeeper-page-actions .ctx=${ctx} .rest=${rest}></labkeeper-page-actions>`;
    },
  },
  {
    id: 'recipes',
    load: async () => {
      await import('./views/recipes.ts');
      return (ctx, rest) => html`<labkeeper-page-recipes .ctx=${ctx} .rest=${rest}></labkeeper-page-recipes>`;
    },
  },
  {
    id: 'jobs',
    load: async () => {
      await import('./views/jobs.ts');
      return (ctx, rest) => html`<labkeeper-page-jobs .ctx=${ctx} .rest=${rest}></labkeeper-page-jobs>`;
    },
  },
  {
    ...{ id: 'setup', begins: true },
    load: async () => {
      await import('./views/setup.ts');
      return (ctx, rest) => html`<labkeeper-page-setup .ctx=${ctx} .rest=${rest}></labkeeper-page-setup>`;
    },
  },
  {
    ...{ id: 'files', administrators: true },
    load: async () => {
      await import('./views/files.ts');
      return (ctx, rest) => html`<labkeeper-page-files .ctx=${ctx} .rest=${rest}></labkeeper-page-files>`;
    },
  },
  {
    ...{ id: 'log', administrators: true },
    load: async () => {
      await import('./views/log.ts');
      return (ctx, rest) => html`<labkeeper-page-log .ctx=${ctx} .rest=${rest}></labkeeper-page-log>`;
    },
  },
  {
    ...{ id: 'audit', administrators: true },
    load: async () => {
      await import('./views/audit.ts');
      return (ctx, rest) => html`<labkeeper-page-audit .ctx=${ctx} .rest=${rest}></labkeeper-page-audit>`;
    },
  },
  {
    id: 'api',
    load: async () => {
      await import('./views/api-docs.ts');
      return (ctx, rest) => html`<labkeeper-page-api .ctx=${ctx} .rest=${rest}></labkeeper-page-api>`;
    },
  },
  {
    id: 'help',
    load: async () => {
      await import('./views/help.ts');
      return (ctx, rest) => html`<labkeeper-page-help .ctx=${ctx} .rest=${rest}></labkeeper-page-help>`;
    },
  },
];
