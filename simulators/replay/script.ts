import type { CaptureLine } from '../../addon/src/record/capture.ts';

/** What one server answered, in the order of time. */
export class Script {
  readonly #exact = new Map<string, CaptureLine[]>();
  /** Without the query, which may hold times. */
  readonly #loose = new Map<string, CaptureLine[]>();
  /** What came by streams. */
  readonly pieces: readonly CaptureLine[];

  constructor(lines: readonly CaptureLine[]) {
    this.pieces = lines.filter(({ piece, body }) => piece === true && body !== undefined);
    for (const line of lines) {
      if (line.piece === true && line.body !== undefined) continue;
      const key = keyOf(line.method, line.path);
      put(this.#exact, key, line);
      put(this.#loose, withoutQuery(key), line);
    }
  }

  /**
   * What was answered at that time: the last answer until then, or the first one of all; undefined: it was not asked.
   *
   * @param elapsed milliseconds since the beginning
   */
  at(method: string, path: string, elapsed: number): CaptureLine | undefined {
    const key = keyOf(method, path);
    const lines = this.#exact.get(key) ?? mostAlike(key, this.#loose.get(withoutQuery(key)) ?? []);
    return lines.findLast(({ at }) => at <= elapsed) ?? lines[0];
  }
}

function put(map: Map<string, CaptureLine[]>, key: string, line: CaptureLine): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [line]);
  else known.push(line);
}

/** Those whose query has most in common: first of all its values, then its keys. */
function mostAlike(key: string, lines: readonly CaptureLine[]): readonly CaptureLine[] {
  const asked = queryOf(key);
  const scores = lines.map(({ method, path }) => {
    const given = queryOf(keyOf(method, path));
    return [...asked].reduce(
      (sum, [name, value]) => sum + (given.get(name) === value ? 2 : given.has(name) ? 1 : 0),
      0,
    );
  });
  const best = Math.max(...scores);
  return lines.filter((_, index) => scores[index] === best);
}

const queryOf = (key: string): ReadonlyMap<string, string> =>
  new Map(
    (key.split(/\?(.*)/s, 2)[1] ?? '').split('&').map((part) => {
      const [name = '', value = ''] = part.split(/=(.*)/s, 2);
      return [name, value];
    }),
  );

const withoutQuery = (key: string): string => key.split('?', 1)[0] as string;

/** However it is percent-encoded. */
function keyOf(method: string, path: string): string {
  const [before = '', query] = path.split(/\?(.*)/s, 2);
  const decode = (text: string): string => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };
  const parts = query === undefined ? '' : `?${query.split('&').map(decode).sort().join('&')}`;
  return `${method} ${before.split('/').map(decode).join('/')}${parts}`;
}
