import { LabError } from '../../core/errors.ts';

/**
 * What nobody may send by hand, whatever it asks: it loses what is set, locks people out, or changes what the instrument is.
 * The long forms, as in `SYSTem:COMMunicate`: capitals are the short form.
 */
const DENIED: readonly string[] = [
  ...['CALibration', 'DIAGnostic', 'SERVice', 'DEBug', 'FIRMware', 'UPGRade', 'UPDate', 'LICense', 'LXI'],
  ...['MMEMory:DELete', 'MEMory:DELete', 'COMM_NET', 'SYSTem:COMMunicate', 'SYSTem:LAN', 'SYSTem:SECurity'],
  ...[
    'SYSTem:PRESet',
    'SYSTem:PASSword',
    'SYSTem:REBoot',
    'SYSTem:RESTart',
    'SYSTem:POWer',
    'SYSTem:SHUTdown',
  ],
  ...[
    'SYSTem:OPTion:INSTall',
    'SYSTem:KLOCk',
    'SYSTem:LOCK',
    'SYSTem:FIRMware',
    'SYSTem:UPDate',
    'SYSTem:UPGRade',
  ],
];
/** Common commands that only ask. Each other of them changes something, `*TST?` and `*CAL?` among them. */
const COMMON = /^\*(IDN|OPT|OPC|STB|ESR|ESE|SRE|LRN|PSC)\?$/;

const PATTERNS = DENIED.map((path) => ({
  path,
  // A prefix is enough: parsers take other shortenings than the standard's, and some ignore what follows.
  nodes: path.split(':').map((node) => node.replace(/[a-z]+$/, '')),
}));

/** Characters. */
export const LONGEST_QUERY = 512;

/**
 * Lets a query through that a person typed, one line and nothing but questions.
 *
 * @returns it, as it is to be sent
 * @throws LabError `source_refused` naming what is not let through: nothing was sent
 */
export function checkQuery(query: string): string {
  if (query.length > LONGEST_QUERY) throw refused(`it is longer than ${LONGEST_QUERY} characters`);
  if (/[^\x20-\x7e\t]/.test(query)) throw refused('it has characters that are no part of a query');
  const units = unitsOf(query);
  if (units.length === 0) throw refused('it asks nothing');
  let around: readonly string[] = [];
  for (const unit of units) {
    const header = headerOf(unit);
    if (!/^[:*]?[a-z]\w*(:\w+)*\?$/i.test(header))
      throw refused(`“${unit}” is no query: it may change something`);
    // Spaces within a header are nonsense that some parsers overlook; with what follows it a header may only get longer.
    const packed = unit.replaceAll(/\s/g, '').toUpperCase();
    if (packed.startsWith('*')) {
      if (!COMMON.test(header.toUpperCase())) throw refused(`${header} is never sent by hand`);
      continue;
    }
    const nodes = packed.replace(/^:+/, '').split(':');
    for (const path of [nodes, [...around, ...nodes]]) {
      const denied = PATTERNS.find((pattern) => holds(path, pattern.nodes));
      if (denied !== undefined) throw refused(`${denied.path} is never sent by hand`);
    }
    around = (packed.startsWith(':') ? nodes : [...around, ...nodes]).slice(0, -1);
  }
  return units.join(';');
}

/** Whether these nodes follow one another somewhere in a path: what may stand before them is optional in places. */
function holds(path: readonly string[], nodes: readonly string[]): boolean {
  return path.some((_, at) => nodes.every((node, step) => path[at + step]?.startsWith(node) === true));
}

/** The parts between `;`, which do not count in quotes. */
function unitsOf(query: string): readonly string[] {
  const quotes = query.match(/["']/g)?.length ?? 0;
  if (quotes % 2 === 1) throw refused('a quote is not closed');
  const units = query.match(/(?:"[^"]*"|'[^']*'|[^;"'])+/g) ?? [];
  return units.map((unit) => unit.trim()).filter((unit) => unit !== '');
}

/** Up to its question mark, however it is spaced: `SYST : ERR ?` has one, `VOLT 5` has none. */
function headerOf(unit: string): string {
  const [header = ''] = unit
    .replaceAll(/\s*([:?])\s*/g, '$1 ')
    .replaceAll(': ', ':')
    .split(/\s+/);
  return header;
}

const refused = (reason: string): LabError =>
  new LabError('source_refused', `the query was not sent: ${reason}`, {
    hint: 'only questions are sent, and none that could change or lock the instrument; DOCS.md lists them',
  });
