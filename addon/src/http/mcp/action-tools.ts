import Type from 'typebox';
import { reaches } from '../../actions/admit.ts';
import { isOver } from '../../actions/job.ts';
import type { Action, ActionRequest, Ceiling } from '../../contract/action.ts';
import { LabError } from '../../core/errors.ts';
import { envelope } from '../schemas.ts';
import { pageOf } from './answer.ts';
import type { Tool, ToolContext } from './tool.ts';

const PAGE = 40;
/** An agent that is not told otherwise waits this long: most is done by then. */
const WAIT_S = 20;

type Input = Readonly<Record<string, unknown>>;

const HOW: Readonly<Record<Action['risk'], string>> = {
  observe: '',
  operate: '',
  disrupt: ' It interrupts what runs: ask the person, then send “confirm”: true.',
  provision: ' It creates or changes things: show the person the dry run first.',
  destroy:
    ' It cannot be taken back: show the person the dry run, and put what they have to repeat into “confirm”.',
};

/** A tool for each action that this ceiling reaches: the others are not there. */
export const actionTools = (actions: readonly Action[], ceiling: Ceiling): readonly Tool[] =>
  actions.filter(({ risk }) => reaches(ceiling, risk)).map(toolOf);

function toolOf(action: Action): Tool {
  const { id, title, description, risk, kinds, input } = action;
  return {
    ...{ name: id, title },
    description: `${description} Can be done to: ${kinds.join(', ')}. Risk: ${risk}.${HOW[risk]}`,
    input: Type.Object({ ...envelope, input: Type.Optional(input) }, { additionalProperties: false }),
    annotations: {
      ...{ readOnlyHint: risk === 'observe', destructiveHint: risk === 'destroy' || risk === 'disrupt' },
      openWorldHint: false,
    },
    call: (given, context) => carryOut(id, given, context),
  };
}

async function carryOut(action: string, given: Input, context: ToolContext): Promise<unknown> {
  const { executor } = context.parts;
  const asked = requestOf(action, given, context);
  if (given.dry_run === true) return { plan: await executor.plan(asked) };
  const { id } = executor.submit(asked);
  const job = await executor.ended(id, Number(given.wait_s ?? WAIT_S) * 1_000);
  if (job === undefined || isOver(job)) return { job };
  return { job, note: `it is not over yet; list_jobs with id “${id}” tells how it goes` };
}

function requestOf(action: string, given: Input, { caller }: ToolContext): ActionRequest {
  const { door, user, administrator, ceiling, tokenName } = caller;
  return {
    ...{ action, target: given.target as string | undefined, input: (given.input ?? {}) as Input },
    ...{ confirm: given.confirm as string | boolean | undefined },
    ...{ requestId: given.request_id as string | undefined },
    ...{ door, user, administrator, ceiling, tokenName },
  };
}

/** What can be done at all, also by whom else, and what it would do: to look needs no right to do it. */
export const PLAN_TOOLS: readonly Tool[] = [
  {
    name: 'list_actions',
    title: 'What can be done',
    description:
      'The actions of the lab with their risk, also those that you may not carry out; with an id one of them with the schema ' +
      'of its input.',
    input: Type.Object(
      {
        id: Type.Optional(Type.String({ maxLength: 100, description: 'of one action' })),
        kind: Type.Optional(
          Type.String({ maxLength: 40, description: 'only what can be done to this kind of thing' }),
        ),
        cursor: Type.Optional(Type.String({ maxLength: 20, description: '“next” of the answer before' })),
      },
      { additionalProperties: false },
    ),
    annotations: { readOnlyHint: true, openWorldHint: false },
    call: async ({ id, kind, cursor }, { parts: { actions }, caller }) => {
      const briefly = ({ id: action, title, risk, kinds }: Action) => {
        return { id: action, title, risk, kinds, allowed: reaches(caller.ceiling, risk) };
      };
      if (id !== undefined) {
        const action = actions.find((one) => one.id === id);
        if (action === undefined) throw new LabError('action_unknown', `there is no action “${id}”`);
        return { ...briefly(action), description: action.description, input: action.input };
      }
      const fitting = actions.filter(({ kinds }) => kind === undefined || kinds.some((one) => one === kind));
      const { items, next } = pageOf(fitting, cursor as string | undefined, PAGE);
      return { total: fitting.length, actions: items.map(briefly), next };
    },
  },
  {
    name: 'plan_action',
    title: 'Say what an action would do',
    description:
      'A dry run: the steps with their exact calls, what was checked, and what a person should know first. It changes nothing, ' +
      'and works also for actions that you may not carry out.',
    input: Type.Object(
      {
        action: Type.String({ maxLength: 100, description: 'id, as list_actions gives it' }),
        target: envelope.target,
        input: Type.Optional(
          Type.Record(Type.String(), Type.Unknown(), { description: 'as the action wants it' }),
        ),
        request_id: envelope.request_id,
      },
      { additionalProperties: false },
    ),
    annotations: { readOnlyHint: true, openWorldHint: false },
    call: async (given, context) => {
      const { plan } = context.parts.executor;
      return {
        plan: await plan.call(context.parts.executor, requestOf(String(given.action), given, context)),
      };
    },
  },
];
