import { startDemoLab } from '../../simulators/demo/lab.ts';
import { type HttpWay, startHttpWay } from './http-way.ts';
import { startLineWay } from './line-way.ts';
import type { Way } from './way.ts';

type Entry = Readonly<Record<string, unknown>>;
type Systems = Readonly<Record<string, readonly Entry[]>>;

/** The demo's lab with a way to each of its systems on which things go wrong, and one that is straight. */
export interface FaultyLab {
  readonly ways: readonly Way[];
  /** The systems' part of an app's options: by the ways, or straight. */
  readonly byWays: object;
  readonly straight: object;
  /** Every secret that the options hold. */
  readonly secrets: readonly string[];
  /** Replaces the addresses of ways in a text by those of the systems themselves. */
  straightened(text: string): string;
  stop(): Promise<void>;
}

const SECRET = /token$|token_secret|password|webhook_secret|api_key/;

/** @param chance from 0 to below 1 */
export async function startFaultyLab(chance: () => number): Promise<FaultyLab> {
  const demo = await startDemoLab();
  const straight = demo.systems as Systems;
  const ways: Way[] = [];
  const ports: [ours: string, theirs: string][] = [];
  const through = async (source: string, entry: Entry): Promise<Entry> => {
    const system = `${source}/${entry.id}`;
    if (source === 'scpi') {
      const way = await startLineWay(system, Number(entry.port));
      ways.push(way);
      ports.push([String(way.port), String(entry.port)]);
      return { ...entry, port: way.port };
    }
    const url = String(entry.url ?? (entry.urls as readonly string[])[0]);
    const way: HttpWay = await startHttpWay(system, url, chance);
    ways.push(way);
    ports.push([String(way.port), new URL(url).port]);
    return {
      ...entry,
      ...(entry.url === undefined ? { urls: [way.url] } : { url: way.url }),
      ...(entry.fingerprint !== undefined && { fingerprint: way.fingerprint }),
    };
  };
  const byWays: Record<string, readonly Entry[]> = {};
  for (const [source, entries] of Object.entries(straight)) {
    // What is set of an instrument is no system.
    const isSystem = entries.every(({ url, urls, host }) => url ?? urls ?? host);
    byWays[source] = isSystem ? await Promise.all(entries.map((entry) => through(source, entry))) : entries;
  }
  return {
    ...{ ways, byWays, straight },
    secrets: Object.values(straight)
      .flat()
      .flatMap((entry) =>
        Object.entries(entry).flatMap(([key, value]) => (SECRET.test(key) ? String(value) : [])),
      ),
    straightened: (text) => {
      let plain = text;
      for (const [ours, theirs] of ports)
        plain = plain.replaceAll(`127.0.0.1:${ours}`, `127.0.0.1:${theirs}`);
      return plain;
    },
    stop: async () => {
      for (const way of ways) await way.close();
      await demo.stop();
    },
  };
}
