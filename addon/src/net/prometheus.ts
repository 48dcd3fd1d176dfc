/** One line of Prometheus's text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const ESCAPED: Readonly<Record<string, string>> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' };

/**
 * The samples of some metrics in what an exporter answers; what is no sample is passed over.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 *
 * @param text untrusted
 */
export function samplesIn(text: string, wanted: ReadonlySet<string>): readonly Sample[] {
  return text.split('\n').flatMap((line) => {
    // Most lines are of other metrics; an exporter has thousands.
    const end = line.search(/[{\s]/);
    if (end === -1 || !wanted.has(line.slice(0, end))) return [];
    const [, name, labels = '', value = ''] = LINE.exec(line.trimEnd()) ?? [];
    if (name === undefined) return [];
    const pairs = [...labels.matchAll(LABEL)].map(([, key = '', text = '']) => [
      key,
      text.replace(/\\[n"\\]/g, (written) => ESCAPED[written] ?? written),
    ]);
    return [{ name, labels: Object.fromEntries(pairs), value: numberOf(value) }];
  });
}

const numberOf = (text: string): number => Number(text.replace(/^([+-]?)Inf$/i, '$1Infinity'));
