import type { Step } from '../../contract/action.ts';
import type { AnnouncementEvent, Mouth } from '../../contract/announcing.ts';
import type { AnnounceInput } from '../../contract/inputs/announce.ts';
import { asLabError, LabError } from '../../core/errors.ts';
import { shown } from '../../core/words.ts';
import { announcingOf, type Decided } from './decided.ts';

/** What was kept of the steps before. */
interface Kept {
  /** Of players that were set to another volume, what they had. */
  readonly volumes?: Readonly<Record<string, number>>;
  readonly said?: readonly string[];
  readonly failed?: readonly string[];
}

/** What could not be said for so long is no news any more. */
const STALE_MS = 600_000;
const AGAIN_MS = 5_000;

/** Waits until nobody else speaks. Until then it can be cancelled. */
export const wait: Step<AnnounceInput> = {
  name: 'Wait until nobody else speaks',
  run: async (context) => {
    const announcing = announcingOf(context);
    const { job = '', input, cancelled, signal } = context;
    try {
      await announcing.turn(job, input.priority === 'urgent', AbortSignal.any([signal, cancelled]));
      cancelled.addEventListener('abort', () => announcing.leave(job));
    } catch (thrown) {
      if (cancelled.aborted) throw new LabError('cancelled', 'it was cancelled before it was said');
      throw thrown;
    }
  },
  happened: async () => false,
};

/** Where a player keeps its volume, it is said all the same. */
export const raise = (volume: number, mouths: readonly Mouth[]): Step<AnnounceInput> => ({
  name: 'Set the volume',
  // What was put up has to be put down.
  commits: true,
  calls: playersOf(mouths).map((id) => `media_player.volume_set ${id} ${volume} %`),
  run: async (context) => {
    const announcing = announcingOf(context);
    try {
      // Where an earlier run had begun: what they have now may be ours.
      const { volumes = known(await announcing.volumes(playersOf(mouths))) } = context.kept as Kept;
      context.note({ keep: { volumes } });
      for (const player of Object.keys(volumes)) {
        await announcing.setVolume(player, volume / 100).catch((thrown: unknown) => {
          context.signal.throwIfAborted();
          context.note({ log: `${player} keeps its volume: ${asLabError(thrown).message}` });
        });
      }
    } catch (thrown) {
      context.signal.throwIfAborted();
      context.note({ log: `the volume stays as it is: ${asLabError(thrown).message}` });
    }
  },
  happened: async () => false,
});

/** Has all of them say it at once. What one cannot keeps no other from it. */
export const speak = (message: string, mouths: readonly Mouth[]): Step<AnnounceInput> => ({
  name: 'Say it',
  commits: true,
  calls: mouths.map(({ way, id }) => `${CALLS[way]} ${id} ${JSON.stringify(message)}`),
  run: async (context) => {
    const announcing = announcingOf(context);
    const { silent, narrator, chime, at } = context.decided as unknown as Decided;
    const said: string[] = [];
    const failed = [...silent];
    if (announcing.now() - at > STALE_MS) failed.push('it would have been said too late');
    else {
      await Promise.all(
        mouths.map(async (mouth) => {
          try {
            const saying = { mouth, message, chime, ...(narrator !== undefined && { narrator }) };
            await announcing.say(saying, context.signal);
            said.push(mouth.name);
          } catch (thrown) {
            context.signal.throwIfAborted();
            failed.push(`${mouth.name}: ${asLabError(thrown).message}`);
          }
        }),
      );
    }
    const result = { said: said.map((name) => shown(name)), failed: failed.map((why) => shown(why, 300)) };
    context.note({ keep: result, result });
  },
  // Once it was begun it is not begun again: nobody wants to hear it twice, or long after.
  happened: async () => true,
});

const CALLS = {
  satellite: 'assist_satellite.announce',
  announce: 'tts.speak',
  play: 'tts.speak (what plays now is not gone on with)',
} as const;

/** Gives every player the volume that it had, also one that is away for a while. */
export const restore = (mouths: readonly Mouth[]): Step<AnnounceInput> => ({
  name: 'Put the volume back',
  calls: playersOf(mouths).map((id) => `media_player.volume_set ${id}`),
  run: async (context) => {
    const { volumes = {}, failed = [] } = context.kept as Kept;
    const announcing = announcingOf(context);
    const end = announcing.now() + STALE_MS;
    const lost = await Promise.all(
      Object.entries(volumes).map(async ([player, volume]) => {
        for (;;) {
          try {
            // The same value may be set again and again.
            await announcing.setVolume(player, volume);
            return [];
          } catch (thrown) {
            context.signal.throwIfAborted();
            const { message, next } = asLabError(thrown);
            if (next !== 'retry' || announcing.now() > end)
              return [`${player} keeps the volume of the announcement: ${message}`];
            await announcing.pause(AGAIN_MS, context.signal);
          }
        }
      }),
    );
    if (lost.flat().length > 0) context.note({ keep: { failed: [...failed, ...lost.flat()] } });
  },
  happened: async () => false,
});

/** Tells what was said where, and fails where something was not. */
export const verdict = (message: string): Step<AnnounceInput> => ({
  name: 'Tell what was said where',
  run: async (context) => {
    const announcing = announcingOf(context);
    announcing.leave(context.job ?? '');
    const { said = [], failed = [] } = context.kept as Kept;
    announcing.tell(eventOf(message, said, failed, context.by));
    if (failed.length === 0) return;
    throw new LabError('source_refused', `it was not said everywhere: ${failed.join('; ')}`);
  },
  happened: async () => false,
});

const eventOf = (
  message: string,
  where: readonly string[],
  failed: readonly string[],
  by = 'nobody in particular',
): AnnouncementEvent => ({
  event_type: failed.length === 0 ? 'said' : where.length === 0 ? 'not_said' : 'partly_said',
  ...{ message, where, failed, by },
});

const playersOf = (mouths: readonly Mouth[]): readonly string[] =>
  mouths.flatMap(({ player }) => (player === undefined ? [] : [player]));

/** Of a player that is off there is nothing to put back. */
const known = (volumes: Readonly<Record<string, number | null>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(volumes).filter((entry): entry is [string, number] => entry[1] !== null));
