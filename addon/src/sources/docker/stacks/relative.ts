import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

/** A folder or file of the machine that runs Compose, named by a path that begins at the file. */
export interface RelativeBind {
  /** Of the file, from 1. */
  readonly line: number;
  readonly path: string;
}

/** What is no path from anywhere else, as `./data`, `../data`, `~/data`. */
const isRelative = (text: string): boolean => /^(\.{1,2}(\/|$)|~)/.test(text);

/**
 * Which bind mounts of a Compose file begin at the file, or at the home of whoever runs Compose: made from another
 * machine, they lead somewhere else. Empty for what is no Compose file; Compose will say so.
 */
export function relativeBinds(text: string): readonly RelativeBind[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent', merge: true });
  const found = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  const services = found(document.get('services', true));
  if (!isMap(services)) return [];
  return services.items.flatMap(({ value }) => {
    const service = found(value);
    const volumes = isMap(service) ? found(service.get('volumes', true)) : undefined;
    const items = isSeq(volumes) ? (volumes.items as readonly Node[]) : [];
    return items.flatMap((item) => {
      const source = sourceOf(item);
      if (source === undefined || !isRelative(source)) return [];
      return [{ line: lines.linePos(item.range?.[0] ?? 0).line, path: source }];
    });
  });
}

function sourceOf(item: Node): string | undefined {
  if (isScalar(item)) return String(item.value).split(':')[0];
  if (!isMap(item) || item.get('type') !== 'bind') return undefined;
  const source = item.get('source');
  return typeof source === 'string' ? source : undefined;
}
