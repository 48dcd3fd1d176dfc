import type { Capabilities, OutputLevel } from '../../contract/capabilities.ts';
import { type Clock, pause } from '../../core/clock.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import type { ScpiClient } from './client.ts';
import { checkQuery } from './deny.ts';
import { numberOf, shown, switchOf } from './parse.ts';
import type { Output } from './presets.ts';

/** An output may take a moment to say that it has changed. */
const LOOKS = 4;
const LOOK_MS = 400;
/** Instruments round to what they can set. */
const SHARE = 0.005;
const LEAST = 0.02;

export interface Panel {
  readonly client: ScpiClient;
  readonly clock: Clock;
  readonly name: string;
  readonly readOnly: boolean;
  readonly outputOf: (item: string) => Output | undefined;
}

/** @returns undefined: the answer does not tell */
export async function stateOf(
  { client }: Panel,
  { state, bit }: Output,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  if (state === undefined) return undefined;
  const text = await client.ask(state, signal);
  if (bit === undefined) return switchOf(text);
  const digits = /^\s*0x([0-9a-f]{1,8})\s*$/i.exec(text)?.[1];
  return digits === undefined ? undefined : ((Number.parseInt(digits, 16) >> bit) & 1) === 1;
}

/** What can be done to one instrument. */
export function controlOf(panel: Panel): Capabilities['instrument'] {
  const output = (item: string): Output => {
    const found = panel.outputOf(item);
    if (panel.readOnly)
      throw new LabError('source_refused', `${panel.name}: the option read_only says only to look at it`);
    if (found === undefined) throw new LabError('target_unsuitable', `${panel.name} has no output ${item}`);
    return found;
  };
  return {
    setOutput: async (_, item, on, signal) => {
      const which = output(item);
      if (on) await checkSet(panel, which, signal);
      await write(panel, on ? which.on : which.off, signal, async (inner) => {
        const now = await stateOf(panel, which, inner);
        return now === undefined ? undefined : now === on;
      });
    },
    setLevel: async (_, item, level, signal) => {
      const which = output(item);
      const commands = commandsFor(panel, which, level);
      for (const { command, query, value } of commands) {
        await write(panel, command, signal, async (inner) => {
          if (query === undefined) return undefined;
          const now = numberOf(await panel.client.ask(query, inner));
          return typeof now === 'number' && Math.abs(now - value) <= Math.max(LEAST, value * SHARE);
        });
      }
    },
    query: async (_, query, signal) => {
      // Some answer several questions in as many lines: whatever comes late must not be the next one's.
      const answer = await panel.client.query(checkQuery(query), signal, query.includes(';'));
      return 'text' in answer
        ? [...answer.text]
            .map((letter) => shown(letter) || ' ')
            .join('')
            .slice(0, 4_096)
        : `(${answer.block.length} bytes of binary data)`;
    },
  };
}

/** All limits are checked before anything is sent. */
function commandsFor({ name }: Panel, output: Output, { voltage, current }: OutputLevel) {
  const wishes = [
    { value: voltage, command: output.setVoltage, query: output.voltage, most: output.maxVoltage, unit: 'V' },
    { value: current, command: output.setCurrent, query: output.current, most: output.maxCurrent, unit: 'A' },
  ];
  const commands = wishes.flatMap(({ value, command, query, most, unit }) => {
    if (value === undefined) return [];
    if (command === undefined || most === undefined) {
      throw new LabError('target_unsuitable', `${name}: ${output.name}: its ${unit} are not set from here`, {
        hint: 'state the most that may be set in scpi_outputs (max_voltage, max_current)',
      });
    }
    if (!(value >= 0 && value <= most))
      throw new LabError(
        'input_invalid',
        `${name}: ${output.name}: ${value} ${unit} is not within 0 to ${most} ${unit}`,
      );
    return [{ command: command.replaceAll('{}', String(Number(value.toFixed(4)))), query, value }];
  });
  if (commands.length > 0) return commands;
  throw new LabError('input_invalid', `${name}: ${output.name}: neither voltage nor current is given`);
}

/** Whether what it is set to is within its limits; what cannot be read is not. */
async function checkSet({ client, name }: Panel, output: Output, signal: AbortSignal): Promise<void> {
  const limits = [
    { query: output.voltage, most: output.maxVoltage, unit: 'V' },
    { query: output.current, most: output.maxCurrent, unit: 'A' },
  ];
  for (const { query, most, unit } of limits) {
    if (most === undefined) continue;
    const now = query === undefined ? undefined : numberOf(await client.ask(query, signal));
    if (typeof now === 'number' && Math.abs(now) <= most * (1 + SHARE)) continue;
    const is = typeof now === 'number' ? `set to ${now} ${unit}` : 'set to nobody knows what';
    throw new LabError(
      'source_refused',
      `${name}: ${output.name} is ${is}, and at most ${most} ${unit} are allowed`,
      {
        hint: 'it was not switched on: set it lower first',
      },
    );
  }
}

/** Sends once, whatever happens; then the instrument is asked whether it is so. */
async function write(
  { client, clock, name }: Panel,
  command: string,
  signal: AbortSignal,
  isDone: (signal: AbortSignal) => Promise<boolean | undefined>,
): Promise<void> {
  let failed: LabError | undefined;
  await client.write(command, signal).catch((thrown) => {
    failed = asLabError(thrown);
  });
  for (let look = 0; look < LOOKS; look += 1) {
    if (look > 0) await pause(clock, LOOK_MS, signal);
    signal.throwIfAborted();
    try {
      const done = await isDone(signal);
      if (done === true) return;
      // Nobody can tell: what was sent without an error counts.
      if (done === undefined && failed === undefined) return;
    } catch (thrown) {
      if (signal.aborted || look === LOOKS - 1) throw thrown;
    }
  }
  throw (
    failed ??
    new LabError('source_refused', `${name}: ${command} was sent, and the instrument shows no effect`)
  );
}
