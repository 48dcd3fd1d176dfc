import { otherIpv4, otherIpv6, otherMac } from './addresses.ts';
import { Pseudonyms } from './pseudonyms.ts';
import { DEFAULT_NAMES, WORDS } from './words.ts';

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const HEX2 = '[0-9a-fA-F]{2}';
/** What has a form of its own, before words are looked for; the first that fits counts. */
const FORMS = {
  upid: 'UPID:[^:\\s/]+(?::[0-9A-Fa-f]{8,16}){3,4}:[a-zA-Z0-9_-]+:',
  // Of certificates, and of what has a world-wide name.
  fingerprint: `${HEX2}(?::${HEX2}){6,}`,
  time: '\\d{4}-\\d\\d-\\d\\d(?:[T_ ]\\d\\d[:_]\\d\\d(?:[:_]\\d\\d(?:\\.\\d+)?)?(?:Z|[+-]\\d\\d:?\\d\\d)?)?(?![0-9A-Za-z])',
  uuid: '[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}',
  mac: `(?:${HEX2}(?:(?::${HEX2}){5}|(?:-${HEX2}){5})|(?:[0-9a-fA-F]{4}\\.){2}[0-9a-fA-F]{4})(?![0-9a-fA-F:-])`,
  pci: '(?:(?:[0-9a-fA-F]{4,8}:)?[0-9a-fA-F]{2}:[01][0-9a-fA-F]\\.[0-7]|0{4}:[0-9a-fA-F]{2}:[01][0-9a-fA-F])(?![0-9a-zA-Z:.])',
  // Roughly: whether it is one is asked of Node.
  ipv6: '(?=[0-9a-fA-F]{0,4}:[0-9a-fA-F]{0,4}:)[0-9a-fA-F]{0,4}(?::{1,2}[0-9a-fA-F]{1,4}){0,7}(?:::)?(?![0-9A-Za-z]|\\.[0-9])',
  ipv4: `${OCTET}(?:(?:\\.${OCTET}){3}|(?:-${OCTET}){3}|(?:_${OCTET}){3})(?![0-9])(?!\\.[0-9])`,
  word: '[A-Za-z0-9\\u0080-\\uffff]+',
} as const;
const PREFIX = '(?:/(\\d{1,3})(?![0-9]))?';
const PATTERN = new RegExp(
  [
    `(?<upid>${FORMS.upid})`,
    `(?<fingerprint>(?<![0-9A-Za-z])${FORMS.fingerprint})`,
    `(?<time>(?<![0-9A-Za-z])${FORMS.time}|(?<=ctime=)1\\d{9}(?![0-9A-Za-z]))`,
    `(?<uuid>(?<![0-9A-Za-z])${FORMS.uuid}(?![0-9A-Za-z]))`,
    `(?<mac>(?<![0-9A-Za-z])${FORMS.mac})`,
    `(?<pci>(?<![0-9A-Za-z])${FORMS.pci})`,
    `(?<ip>(?<![0-9A-Za-z.])(?<v4>${FORMS.ipv4})|(?<![0-9A-Za-z:.])(?<v6>${FORMS.ipv6}))${PREFIX}`,
    `(?<word>${FORMS.word})`,
  ].join('|'),
  'g',
);
const LONG_HEX = /^(0x)?(?=[0-9a-f]*\d)[0-9a-f]{12,}$/i;
const SHORT_HEX = /^0x([0-9a-f]{1,6}|f+)$/i;
const MEASURE =
  /^v?\d{1,5}([kmgtp]i?b?|bps|mbps|gbps|b|s|h|d|w|m|ms|us|ns|min|rpm|hz|mhz|ghz|x|bit|st|nd|rd|th|v|a|c|y)?$/i;
/** As kernels, firmware and hypervisors count them. */
const DEVICE =
  /^((net|scsi|virtio|ide|sata|mp|unused|hostpci|usb|vmbr|eth|eno|ens|enp|enx?|bond|tap|veth|fwbr|fwln|fwpr|nvme|loop|dm|md|sr|dev|ipconfig|efidisk|tpmstate|serial|parallel|numa|cpu|vlan|br|wlan|zd|disk|bay|psu|fan|dimm|slot|port|nic|raidz|cgroup|overlay|pcie?|pve|gpu|card|node|temp|core)\d+([a-z]\d+)*|sd[a-z]{1,2}\d*|vd[a-z]\d*|[a-z]\d{1,2})$/i;

/** How strings of a place are treated: names are never let pass; of products what is no name of the lab is. */
export type Mode = 'text' | 'name' | 'product';

/**
 * Takes out of texts what says whose lab it is, word by word. A word passes if it is one that the interfaces
 * themselves use, a small number, a measure or a time, and does not stand where names do; each other becomes its
 * pseudonym, the same wherever it stands, so that what belonged together still does.
 */
export class Scrubber {
  /** Parts of names that the lab gave (lower-case). */
  readonly #names = new Set<string>();
  /** Names (lower-case) that are made of such words alone. */
  readonly #phrases = new Set<string>();
  #places: RegExp | undefined;
  readonly #macs = new Set<string>();
  readonly #pseudonyms = new Pseudonyms((word) => this.#names.has(word) || WORDS.has(word));

  /** Learns a name that the lab gave; all have to be learned before the first text is scrubbed. */
  learn(name: string): void {
    // Fewer digits are numbers as anybody has them.
    const parts = partsOf(name).filter((part) => !/^\d{1,5}$/.test(part));
    const own = parts.filter((part) => !DEFAULT_NAMES.has(part));
    for (const part of own) this.#names.add(part);
    if (parts.length < 2 || own.length === 0 || !own.every((part) => WORDS.has(part))) return;
    this.#phrases.add(name.toLowerCase());
    this.#places = undefined;
  }

  /** Learns a serial or what is like one. Words in there are of who makes them. */
  learnNumber(number: string): void {
    for (const part of partsOf(number))
      if (!/^\d{1,3}$/.test(part) && !this.isKnown(part)) this.#names.add(part);
  }

  /** Learns the hosts of every address in there. */
  learnHosts(options: unknown): void {
    for (const [, host = ''] of JSON.stringify(options).matchAll(/[a-z]+:\/\/(?:[^@/\s"]*@)?([^/:\s"]+)/g))
      this.learn(host);
  }

  learnMac(mac: string): void {
    this.#macs.add(mac.toLowerCase().replaceAll(/[:.-]/g, ''));
  }

  text(text: string, mode: Mode = 'text'): string {
    if (mode === 'name') return this.#wordwise(text, mode);
    this.#places ??= placesOf(this.#phrases);
    let made = '';
    let end = 0;
    for (const { 0: name, index } of text.matchAll(this.#places)) {
      made += this.#wordwise(text.slice(end, index), mode) + this.#wordwise(name, 'name');
      end = index + name.length;
    }
    return made + this.#wordwise(text.slice(end), mode);
  }

  #wordwise(text: string, mode: Mode): string {
    return text.replaceAll(PATTERN, (...found) => {
      const [whole] = found as [string];
      const groups = found.at(-1) as Readonly<Record<string, string | undefined>>;
      if (groups.time !== undefined || groups.pci !== undefined) return whole;
      if (groups.upid !== undefined) return this.#upid(whole);
      if (groups.mac !== undefined) return otherMac(whole, this.#pseudonyms);
      if (groups.uuid !== undefined) return this.#uuid(whole);
      if (groups.fingerprint !== undefined) return this.#dotted(whole);
      if (groups.ip !== undefined) return this.#address(whole, groups);
      return this.#word(whole, mode);
    });
  }

  #word(word: string, mode: Mode): string {
    const plain = word.toLowerCase();
    if (this.#macs.has(plain)) return otherMac(word, this.#pseudonyms);
    // Before names: the host name of a container is the beginning of its id.
    if (LONG_HEX.test(word)) {
      if (new Set(plain).size === 1) return word;
      return /^0x/i.test(word)
        ? word.slice(0, 2) + this.#pseudonyms.hex(word.slice(2))
        : this.#pseudonyms.hex(word);
    }
    const isOurs = mode !== 'name' && (WORDS.has(plain) || /^[a-z]$/.test(plain));
    if (this.#names.has(plain) && !isOurs) return this.#pseudonyms.word(word);
    if (isOurs || DEFAULT_NAMES.has(plain) || SHORT_HEX.test(word)) return word;
    if (/^\d+$/.test(word)) {
      const isSmall = word.length <= (mode === 'name' ? 3 : 5);
      return isSmall || /^0+$/.test(word) ? word : this.#pseudonyms.digits(word);
    }
    if (mode !== 'name' && (MEASURE.test(word) || DEVICE.test(word) || this.isKnown(word))) return word;
    // Numbers of models and versions.
    if (mode === 'product' && word.length <= 24 && /^(?=[^\d]*\d)[A-Za-z0-9]+$/.test(word)) return word;
    return this.#pseudonyms.word(word);
  }

  /** Whether a word, or each part of one written in camel case, is of the interfaces and not of the lab. */
  isKnown(word: string): boolean {
    const plain = word.toLowerCase();
    if (WORDS.has(plain)) return true;
    if (this.#names.has(plain)) return false;
    const parts = word.split(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)/);
    return (
      parts.length > 1 &&
      parts.every((part) => {
        const small = part.toLowerCase();
        return /^\d{1,3}$/.test(part) || WORDS.has(small);
      })
    );
  }

  /** The beginning of a task's id: its numbers are times and processes, its last word a type. */
  #upid(upid: string): string {
    const [name = '', node = '', ...rest] = upid.split(':');
    return [name, this.text(node, 'name'), ...rest].join(':');
  }

  #uuid(uuid: string): string {
    const plain = uuid.toLowerCase().replaceAll('-', '');
    if (new Set(plain).size === 1) return uuid;
    const made = this.#pseudonyms.hex(plain);
    const text = made.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    return uuid === uuid.toUpperCase() ? text.toUpperCase() : text;
  }

  #dotted(pairs: string): string {
    const made = this.#pseudonyms.hex(pairs.toLowerCase().replaceAll(':', ''));
    const text = made.replace(/(..)(?=.)/g, '$1:');
    return pairs === pairs.toUpperCase() ? text.toUpperCase() : text;
  }

  #address(whole: string, { v4, v6 = '' }: Readonly<Record<string, string | undefined>>): string {
    const [address = '', prefix] = whole.split('/');
    const bits = prefix === undefined ? undefined : Number(prefix);
    const end = prefix === undefined ? '' : `/${prefix}`;
    if (v4 === undefined) {
      // What looks like one and is none (`12:30:00`) is words.
      const made = otherIpv6(v6, this.#pseudonyms, bits);
      return made === v6 && !/^::1?$/.test(v6) ? this.#apart(whole) : made + end;
    }
    const [between = '.'] = /[._-]/.exec(v4) ?? [];
    const made = otherIpv4(v4.replaceAll(between, '.'), this.#pseudonyms, bits);
    return made.replaceAll('.', between) + (address === v4 ? end : '');
  }

  #apart(text: string): string {
    return text.replaceAll(/[A-Za-z0-9]+/g, (word) => this.#word(word, 'text'));
  }
}

/** Where a text has names, whatever words they are made of. */
function placesOf(phrases: ReadonlySet<string>): RegExp {
  const escaped = [...phrases].sort((a, b) => b.length - a.length).map((phrase) => RegExp.escape(phrase));
  return new RegExp(
    [
      ...(escaped.length === 0 ? [] : [`(?<![A-Za-z0-9])(?i:${escaped.join('|')})(?![A-Za-z0-9])`]),
      // `tank:vm-101-disk-0`, `tank:backup/…`, `tank:vm/101`
      '(?<![\\w.+/:-])[A-Za-z][\\w.-]*(?=:(?:vm-|base-|subvol-|basevol-|(?:backup|iso|vztmpl|import|snippets|vm|ct|host|\\d+)/))',
      '(?<=(?<![\\w.-])(?:storage|nodes?|pools?|datastore|users|groups|realm)/)[^/\\s,;"\'()?]+',
      '(?<=^storage/[^/\\s]+/)[^/\\s]+',
      '[\\w.+-]+@(?!sha256:)[\\w.-]+(?:![\\w.-]+)?',
      '(?<=(?<![\\w-])(?:storage|node|host|server|user|username|pool|target|hostname)=)[^,;\\s&"]+',
      '(?<=[a-z]://(?:[^@/\\s]*@)?)[^/:\\s"?]+',
    ].join('|'),
    'g',
  );
}

/** The words in there, lower-case, without what has a form of its own. */
const partsOf = (text: string): readonly string[] =>
  [...text.matchAll(PATTERN)].flatMap(({ groups }) => groups?.word?.toLowerCase() ?? []);
