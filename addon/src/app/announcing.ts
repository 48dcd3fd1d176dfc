import type { Executor } from '../actions/executor.ts';
import type { Outcome } from '../actions/records.ts';
import { loadAnnouncements } from '../config/announcements.ts';
import type { Action } from '../contract/action.ts';
import type { Announcing } from '../contract/announcing.ts';
import { type Clock, pause } from '../core/clock.ts';
import type { HomeAssistant } from '../homeassistant/index.ts';
import type { LabResource } from '../kinds/index.ts';
import type { Language } from '../lab/announce/sentence.ts';
import type { Store } from '../model/store.ts';
import type { EmittedEvent } from '../mqtt/publisher.ts';
import { type SpeakUpParts, speakUp } from './speak-up.ts';

export interface AnnouncingParts {
  readonly homeAssistant: HomeAssistant | undefined;
  /** Of configuration, where `announcements.yaml` is. */
  readonly folder: string | undefined;
  /** Shows an event of Labkeeper's own device. */
  readonly emit: (key: string, event: EmittedEvent) => void;
  readonly clock: Clock;
}

/** Has Home Assistant say something. @returns undefined: there is no way to it */
export function announcingOf({
  homeAssistant,
  folder,
  emit,
  clock,
}: AnnouncingParts): Announcing | undefined {
  if (homeAssistant === undefined) return undefined;
  const { announcer } = homeAssistant;
  return {
    find: (wish) => announcer.find(wish),
    say: (saying, signal) => announcer.say(saying, signal),
    volumes: (players) => announcer.volumes(players),
    setVolume: (player, volume) => announcer.setVolume(player, volume),
    turn: (who, isUrgent, signal) => announcer.turn(who, isUrgent, signal),
    leave: (who) => announcer.leave(who),
    defaults: async () => {
      const {
        targets = [],
        areas = [],
        chime = true,
        voice,
        engine,
        volume,
      } = await loadAnnouncements(folder);
      return { targets, areas, chime, voice, engine, volume };
    },
    tell: ({ where, failed, ...rest }) =>
      emit('announcement', { ...rest, where: where.join(', '), failed: failed.join('; ') }),
    now: () => clock.now(),
    pause: (ms, signal) => pause(clock, ms, signal),
  };
}

export interface OwnWordsParts extends Pick<SpeakUpParts, 'clock' | 'log'> {
  readonly announcing: Announcing | undefined;
  readonly store: SpeakUpParts['store'] & Pick<Store<LabResource>, 'get'>;
  readonly executor: Pick<Executor, 'submit'>;
  readonly actions: readonly Action[];
  /** Of configuration, where `announcements.yaml` is. */
  readonly folder: string | undefined;
  /** The option. */
  readonly language: Language | undefined;
}

/** What Labkeeper says by itself. */
export interface OwnWords {
  /** Takes what became of something that somebody asked for. */
  onOutcome(outcome: Outcome): void;
  close(): void;
}

/**
 * Has said what the rules of `announcements.yaml` find worth it; as jobs, so that all of it is in the audit.
 *
 * @returns undefined: there is nobody who could say it
 */
export function ownWords(given: OwnWordsParts): OwnWords | undefined {
  const { announcing, executor, actions, folder, language = 'en', ...parts } = given;
  if (announcing === undefined) return undefined;
  const speaking = speakUp({
    ...parts,
    language,
    settings: () => loadAnnouncements(folder),
    announce: (input, rules) =>
      void executor.submit({ action: 'announce', input, door: 'labkeeper', user: `rule ${rules}` }),
    minuteOf: (at) => new Date(at).getHours() * 60 + new Date(at).getMinutes(),
  });
  return {
    onOutcome: ({ type, jobId: id, action, target, message }) => {
      if (type === 'refused' || id === undefined) return;
      const { title = action, de } = actions.find((one) => one.id === action) ?? {};
      const titles = { en: title, de: de?.title ?? title };
      speaking.onEnd({
        id,
        type,
        action,
        title: titles,
        target: parts.store.get(target)?.name ?? target,
        message,
      });
    },
    close: () => speaking.close(),
  };
}
