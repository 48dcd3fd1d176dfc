import type { Options } from '../config/options.ts';
import type { Settings } from '../config/settings.ts';
import { loadStyles } from '../config/styles.ts';
import type { CapabilityFinder } from '../contract/capabilities.ts';
import type { Memory } from '../contract/source.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Configured } from '../engine/engine.ts';
import type { LabResource } from '../kinds/index.ts';
import type { Store } from '../model/store.ts';
import type { RunningVoice, Speaker } from '../voice/index.ts';
import type { SupervisorLink } from './supervisor.ts';

const MIB = 1_024 ** 2;
const CACHE_MIB = 100;

export interface VoiceTools {
  readonly systems: readonly Configured[];
  readonly capabilities: CapabilityFinder;
  readonly settings: Settings;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
}

export interface VoiceOfferParts {
  readonly supervisor: Pick<SupervisorLink, 'offerVoice'> | undefined;
  readonly store: Pick<Store<LabResource>, 'subscribe'>;
  /** Keeps over restarts what was offered. */
  readonly memory: Memory;
}

/**
 * Speaks over Wyoming where the options have somebody who can; its code is loaded only then.
 *
 * @throws LabError `port_taken`; `options_invalid` where the file of styles is wrong
 */
export async function voiceOf(
  { fallback, fallback_voice: name, cache = CACHE_MIB }: NonNullable<Options['voice']>,
  { systems, capabilities, settings, version, clock, log }: VoiceTools,
): Promise<RunningVoice | undefined> {
  const speakers = systems.flatMap(({ source, id }): readonly Speaker[] => {
    if (!source.kinds.includes('speech')) return [];
    const speech = capabilities.for(`${source.id}/${id}/speech/self`, 'speech');
    return speech === undefined ? [] : [{ ...speech, id }];
  });
  if (speakers.length === 0) return undefined;
  const { startVoice } = await import('../voice/index.ts');
  const { host, wyomingPort: port, dataFolder, configFolder } = settings;
  const voice = await startVoice({
    ...{ speakers, version, clock, log, host, port, dataFolder, cacheBytes: cache * MIB },
    styles: await loadStyles(configFolder),
    fallback: fallback === undefined ? undefined : { ...addressOf(fallback), voice: name ? { name } : {} },
  });
  log.info(`the voice is at tcp://${host}:${voice.server.port}, for Home Assistant’s Wyoming integration`);
  return voice;
}

/** Has Home Assistant offer to set the voice up while there is one with something to speak with. */
export function offerVoice(
  voice: RunningVoice | undefined,
  { supervisor, store, memory }: VoiceOfferParts,
): void {
  const offer = (): void => {
    const speaks = (voice?.voice.voices.length ?? 0) > 0;
    supervisor?.offerVoice(speaks ? voice?.server.port : undefined, memory);
  };
  offer();
  store.subscribe((diff) => {
    if (diff.some(({ after }) => after?.kind === 'speech')) offer();
  });
}

function addressOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
