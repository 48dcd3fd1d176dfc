import type { TObject } from 'typebox';
import type { Caller } from '../identify.ts';
import type { HttpParts } from '../parts.ts';
import { validatorOf } from '../validator.ts';

/** What tools work with. */
export interface ToolContext {
  readonly parts: HttpParts;
  /** Who asks; its door is `mcp`. */
  readonly caller: Caller;
  readonly signal: AbortSignal;
}

/** Something that an agent can call. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: TObject;
  /** What a client may go by when it decides whether to ask a person first. */
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint?: boolean;
    readonly idempotentHint?: boolean;
    readonly openWorldHint: false;
  };
  /** @throws LabError why not */
  call(input: Readonly<Record<string, unknown>>, context: ToolContext): Promise<unknown>;
}

/** @throws LabError `input_invalid` with the first thing that is wrong */
export function checked<T extends Readonly<Record<string, unknown>>>(tool: Tool, input: unknown): T {
  const verdict = validatorOf({ schema: tool.input, httpPart: 'input' })(input);
  if (verdict !== true) throw verdict.error;
  return input as T;
}
