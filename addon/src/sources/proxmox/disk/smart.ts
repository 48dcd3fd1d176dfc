import type { SmartAnswer, SmartAttribute } from './wire.ts';

/** What a disk says of itself; undefined: it does not say. */
export interface Smart {
  /** Its own word; undefined: it does not judge itself. */
  readonly health: string | undefined;
  /** It is not healthy; null: it does not judge itself. */
  readonly failing: boolean | null;
  /** Percent. */
  readonly lifeLeft: number | undefined;
  /** °C */
  readonly temperature: number | undefined;
  readonly hours: number | undefined;
  /** How often it was switched on, and how often it lost its power without being told. */
  readonly cycles: number | undefined;
  readonly losses: number | undefined;
}

/** ATA says `PASSED`, SCSI says `OK`. */
const HEALTHY = /^(passed|ok)$/i;
const NO_JUDGEMENT = /^(unknown|smart disabled|n\/?a|not available)?$/i;

/** Vendors' names for what is left, the surer first. Each counts down from 100. */
const LIFE = [
  /Media_Wearout_Indicator/,
  /SSD_Life_Left/,
  /Wear_Leveling_Count/,
  /Perc_Write\/Erase_Ct_BC/,
  /(Perc|PCT|Percent|Remaining|Lifetime)_\w*(Remain|Left)|Remaining_Lifetime|Lifetime_(Remaining|Left)/,
  /Percent_Lifetime_Used|Perc_Rated_Life_Used/,
];

/** Vendors' names for a power cut that it was not told of. That heads were parked (192) is said of each shutdown. */
const LOSS = /Unexpect(ed)?_Power_Loss|Unsafe_Shutdown|POR_Recovery|Unexp_?Pwr_?Loss|Sudden_Power_?Off/i;

/** Reads what `GET /nodes/{node}/disks/smart` answered. */
export function smartOf(answer: SmartAnswer): Smart {
  const said = answer.health?.trim() ?? '';
  const silent = NO_JUDGEMENT.test(said);
  const { attributes = [], text = '' } = answer;
  return {
    health: silent ? undefined : said,
    failing: silent ? null : !HEALTHY.test(said),
    ...(attributes.length > 0 ? ofAttributes(attributes) : ofText(text, answer.wearout)),
  };
}

type Numbers = Omit<Smart, 'health' | 'failing'>;

function ofAttributes(attributes: readonly SmartAttribute[]): Numbers {
  const numbered = (id: number): SmartAttribute | undefined =>
    attributes.find((attribute) => Number(attribute.id) === id);
  // Some have only the sensor of the air around them.
  const warm = numbered(194) ?? numbered(190);
  return {
    lifeLeft: lifeIn(attributes),
    temperature: plausible(leading(warm?.raw)),
    hours: hoursIn(numbered(9)),
    cycles: leading(numbered(12)?.raw),
    losses: leading(attributes.find(({ name = '' }) => LOSS.test(name))?.raw),
  };
}

function lifeIn(attributes: readonly SmartAttribute[]): number | undefined {
  for (const known of LIFE) {
    const found = attributes.find(({ name = '' }) => known.test(name));
    const left = found?.normalized ?? found?.value;
    if (left !== undefined) return within(left);
  }
  return undefined;
}

/** As in `8412`, `8412h+23m+10.210s`, `8412 (83 120 0)`; some count minutes. */
function hoursIn(attribute: SmartAttribute | undefined): number | undefined {
  const count = leading(attribute?.raw);
  if (count === undefined) return undefined;
  const { name = '' } = attribute ?? {};
  return Math.floor(/half_minutes/i.test(name) ? count / 120 : /minutes/i.test(name) ? count / 60 : count);
}

/** As NVMe and SAS disks are printed. */
function ofText(text: string, wearout: number | undefined): Numbers {
  const used = /Percentage used(?: endurance indicator)?:\s*(\d+(?:\.\d+)?)\s*%/i.exec(text)?.[1];
  const temperature = /^\s*(?:Current Drive )?Temperature:\s*(-?\d+)/im.exec(text)?.[1];
  const hours =
    /Accumulated power on time, hours:minutes\s+(\d+)/i.exec(text)?.[1] ??
    /Power On Hours:\s*([\d.,' \u00a0\u202f]*\d)/i.exec(text)?.[1]?.replaceAll(/\D/g, '') ??
    /number of hours powered up\s*=\s*(\d+)/i.exec(text)?.[1];
  const counted = (pattern: RegExp): number | undefined =>
    numeric(pattern.exec(text)?.[1]?.replaceAll(/\D/g, ''));
  return {
    lifeLeft: used === undefined ? within(wearout) : within(100 - Number(used)),
    temperature: plausible(numeric(temperature)),
    hours: numeric(hours),
    cycles: counted(/^\s*Power Cycles:\s*([\d.,' \u00a0\u202f]*\d)/im),
    losses: counted(/^\s*Unsafe Shutdowns:\s*([\d.,' \u00a0\u202f]*\d)/im),
  };
}

const numeric = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text);

const leading = (raw: string | undefined): number | undefined => numeric(/^\s*(-?\d+)/.exec(raw ?? '')?.[1]);

/** An NVMe disk that was used beyond what it is made for says more than 100 % used. */
const within = (left: number | undefined): number | undefined =>
  left === undefined ? undefined : Math.min(100, Math.max(0, left));

/** Some count something else there, or have no sensor and say 0. */
const plausible = (celsius: number | undefined): number | undefined =>
  celsius === undefined || celsius === 0 || celsius < -40 || celsius > 120 ? undefined : celsius;
