import { createHash } from 'node:crypto';
import Value from 'typebox/value';
import type { Action, ActionContext, ActionRequest, Ceiling, Risk, Step } from '../contract/action.ts';
import type { CapabilityFinder } from '../contract/capabilities.ts';
import type { Check, Preparation } from '../contract/step.ts';
import { asLabError, LabError } from '../core/errors.ts';
import type { Kind, LabResource } from '../kinds/index.ts';
import { admit } from './admit.ts';

/** A dry run holds for ten minutes: the lab goes on meanwhile. */
const PLAN_MS = 600_000;

/** What a request would do. */
export interface Plan {
  readonly action: string;
  readonly risk: Risk;
  readonly target: { readonly id: string; readonly name: string; readonly kind: Kind };
  /** In their order. */
  readonly steps: readonly PlannedStep[];
  /** What was looked at first; with one that is not ok, nothing would be done. */
  readonly checks?: readonly Check[];
  /** What a person should know first, and what would keep it from being carried out as it was asked for. */
  readonly warnings?: readonly string[];
  /** What has to be repeated (true, or these words) before it is done; left out: nothing. */
  readonly confirm?: true | string;
  /** Of the target and the state that it is in: a job with the same request id is carried out on nothing else. */
  readonly fingerprint: string;
  /** ISO 8601. */
  readonly expires: string;
}

/** One step, for people. */
export interface PlannedStep {
  readonly name: string;
  /** What is sent, as it is sent. */
  readonly calls?: readonly string[];
}

/** What requests are checked against. */
export interface PlanParts {
  readonly actions: readonly Action[];
  readonly resource: (id: string) => LabResource | undefined;
  readonly capabilities: CapabilityFinder;
  /** Labkeeper's own device, which stands for the lab as a whole. */
  readonly self: string;
  /** The option: caps `http` and `mcp`. */
  readonly allow: Ceiling;
  /**
   * Asked before anything is done that may end its target or cut it off; throws a `LabError` where that must not be.
   * `item`: the key of the part of it that this is done to, where it is not the whole.
   */
  readonly guard?: (action: Pick<Action, 'title'>, target: LabResource, item?: string) => void;
}

/** A request that can be carried out. */
export interface Planned {
  readonly action: Action;
  readonly target: LabResource;
  /** undefined: they are found when it has been prepared, as the first thing of the job. */
  readonly steps: readonly Step<never>[] | undefined;
  readonly fingerprint: string;
}

/**
 * Finds the steps of a request, if it may be carried out.
 *
 * @param risk what is admitted: the action's own, or `observe` for a dry run
 * @throws LabError why not
 */
export function planOf(parts: PlanParts, request: ActionRequest, signal: AbortSignal, risk?: Risk): Planned {
  const action = parts.actions.find(({ id }) => id === request.action);
  if (action === undefined) {
    throw new LabError('action_unknown', `there is no action “${request.action}”`, {
      hint: 'GET api/actions has all of them',
    });
  }
  const target = targetOf(parts, action, request.target);
  admit(
    { title: action.title, risk: risk ?? action.risk },
    request,
    toRepeat(action, request, target),
    parts.allow,
  );
  checkInput(action, request.input);
  checkGuard(parts, action, target, request.input);
  const steps =
    action.prepare === undefined
      ? stepsOf(action, contextOf(parts, { ...request, target, signal }))
      : undefined;
  return { action, target, steps, fingerprint: fingerprintOf(target) };
}

/** What a dry run answers. @throws LabError as `planOf`, and what its action found out */
export async function dryRun(
  parts: PlanParts,
  request: ActionRequest,
  signal: AbortSignal,
  now: number,
): Promise<Plan> {
  const { action, target, fingerprint } = planOf(parts, request, signal, 'observe');
  const { id, name, kind } = target;
  const given = contextOf(parts, { ...request, target, signal });
  const preparation = await action.prepare?.(given as never);
  const context = { ...given, decided: preparation?.decided ?? {} };
  const checks = preparation?.checks ?? [];
  const steps = checks.every(({ ok }) => ok) ? stepsOf(action, context) : [];
  const toConfirm = toRepeat(action, request, target);
  const confirm: true | string = action.risk === 'disrupt' ? true : toConfirm;
  const warnings = [
    ...(preparation?.warnings ?? []),
    ...(action.warnings?.(context as never) ?? []),
    ...refusalOf(() => admit(action, request, toConfirm, parts.allow)),
  ];
  return {
    action: action.id,
    risk: action.risk,
    target: { id, name, kind },
    steps: steps.flatMap(shown),
    ...(checks.length > 0 && { checks }),
    ...(warnings.length > 0 && { warnings }),
    ...(['disrupt', 'destroy'].includes(action.risk) && { confirm }),
    fingerprint: stateOf(fingerprint, preparation),
    expires: new Date(now + PLAN_MS).toISOString(),
  };
}

/** What `confirm` has to be of what destroys. */
function toRepeat(action: Action, { input }: ActionRequest, { name }: LabResource): string {
  // What is wrong with the input is told when it is checked, after this.
  return Value.Check(action.input, input) ? (action.confirmation?.(input as never) ?? name) : name;
}

const shown = ({ name, parts = [name], calls }: Step<never>): readonly PlannedStep[] =>
  parts.map((part, index) => ({ name: part, ...(index === 0 && calls !== undefined && { calls }) }));

function refusalOf(check: () => void): readonly string[] {
  try {
    check();
    return [];
  } catch (thrown) {
    const { message, hint } = asLabError(thrown);
    return [hint === undefined ? message : `${message}; ${hint}`];
  }
}

export const stepsOf = (action: Action, context: ActionContext<unknown>): readonly Step<never>[] =>
  action.plan(context as never) as readonly Step<never>[];

/** What a dry run and the job that carries it out have to agree in. */
export const stateOf = (fingerprint: string, preparation: Preparation | undefined): string =>
  preparation?.fingerprint === undefined ? fingerprint : hash([fingerprint, preparation.fingerprint]);

/** What a step works with, before it has a job that it could tell anything to. */
export function contextOf(
  { capabilities, resource }: Pick<PlanParts, 'capabilities' | 'resource'>,
  given: Pick<ActionContext<unknown>, 'target' | 'signal'> & { readonly input: ActionRequest['input'] },
): ActionContext<ActionRequest['input']> {
  const { target, input, signal } = given;
  const cancelled = new AbortController().signal;
  return { target, input, capabilities, resource, signal, cancelled, decided: {}, kept: {}, note: () => {} };
}

/**
 * What makes the target this one: another that took its id in the meantime differs. Sources say more of theirs by the
 * strong aliases that they give (SMBIOS UUID, serial).
 */
export function fingerprintOf({ id, kind, name, aliases = [] }: LabResource): string {
  const strong = aliases.filter((alias) => /^(smbios|serial|gpu_uuid):/.test(alias)).sort();
  return hash([id, kind, name, strong]);
}

const hash = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);

function targetOf(parts: PlanParts, action: Action, id: string | undefined): LabResource {
  if (id === undefined && !action.kinds.includes('app')) {
    throw new LabError('target_missing', `“${action.title}” needs something to be done to`, {
      hint: 'give the id of a resource as “target”; GET api/lab has all of them',
    });
  }
  const target = parts.resource(id ?? parts.self);
  if (target === undefined) {
    throw new LabError('target_unknown', `the lab has no “${id ?? parts.self}”`, {
      hint: 'GET api/lab has all that is there now',
    });
  }
  if (action.kinds.includes(target.kind)) return target;
  throw new LabError('target_unsuitable', `“${action.title}” cannot be done to a ${target.kind}`, {
    hint: `it can be done to: ${action.kinds.join(', ')}`,
  });
}

/**
 * Asks the guard where an action may end its target or cut it off.
 *
 * @throws LabError of the guard, why not
 */
export function checkGuard(
  { guard }: Pick<PlanParts, 'guard'>,
  action: Action,
  target: LabResource,
  input: ActionRequest['input'],
): void {
  const interrupts = action.interrupts?.(input as never) ?? !['observe', 'operate'].includes(action.risk);
  if (interrupts) guard?.(action, target, typeof input.item === 'string' ? input.item : undefined);
}

function checkInput({ id, input: schema }: Action, input: unknown): void {
  const [problem] = Value.Errors(schema, input);
  if (problem === undefined) return;
  const path = `input${problem.instancePath.replaceAll('/', '.')}`;
  throw new LabError('input_invalid', `${path}: ${problem.message}`, {
    path,
    hint: `GET api/actions has the input of “${id}” as a JSON Schema`,
  });
}
