import { loadAnnouncements } from '../config/announcements.ts';
import type { Announcing } from '../contract/announcing.ts';
import { type Clock, pause } from '../core/clock.ts';
import type { HomeAssistant } from '../homeassistant/index.ts';
import type { EmittedEvent } from '../mqtt/publisher.ts';

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
