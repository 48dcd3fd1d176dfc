import Type, { type Static, type TSchemaOptions } from 'typebox';
import type { OptionProblem } from '../../contract/source.ts';
import { LISTS, type Measure, PRESETS, type PresetName } from './presets.ts';

const LINE = '^[ -~]{1,200}$';
const texts = (title: string, description: string, de: readonly [string, string]): TSchemaOptions => ({
  ...{ title, description, de: { title: de[0], description: de[1] } },
});
const line = (example: string, options: TSchemaOptions) =>
  Type.String({ pattern: LINE, examples: [example], ...options });
const most = (options: TSchemaOptions) => Type.Optional(Type.Number({ minimum: 0, ...options }));

/** One instrument on the bench. */
export const scpiOptions = Type.Object(
  {
    host: Type.String({
      ...{ pattern: '^[^\\s/@]+$', examples: ['supply.lan'] },
      ...texts('Address', 'Host name or address.', ['Adresse', 'Rechnername oder Adresse.']),
    }),
    port: Type.Optional(
      Type.Integer({
        ...{ minimum: 1, maximum: 65_535, default: 5_025 },
        ...texts('Port', 'Where it takes SCPI by TCP: mostly 5025, with Rigol 5555.', [
          'Port',
          'Wo es SCPI über TCP annimmt: meist 5025, bei Rigol 5555.',
        ]),
      }),
    ),
    preset: Type.Optional(
      Type.Enum(['none', ...Object.keys(PRESETS)] as ['none', ...PresetName[]], {
        ...texts(
          'Model',
          'What it is; none asks only what is listed below. Left out: found by what it says of itself.',
          [
            'Modell',
            'Was es ist; mit none wird nur gefragt, was unten steht. Ohne Angabe: an dem erkannt, was es von sich sagt.',
          ],
        ),
      }),
    ),
    interval: Type.Optional(
      Type.Number({
        ...{ minimum: 1, default: 10 },
        ...texts('Interval', 'Seconds between two readings.', [
          'Abstand',
          'Sekunden zwischen zwei Ablesungen.',
        ]),
      }),
    ),
    timeout: Type.Optional(
      Type.Number({
        ...{ minimum: 1, default: 5 },
        ...texts('Patience', 'Seconds in which it has to answer.', [
          'Geduld',
          'Sekunden, in denen es antworten muss.',
        ]),
      }),
    ),
    close_after: Type.Optional(
      Type.Number({
        ...{ minimum: 0 },
        ...texts(
          'Let go after',
          'Seconds without a question until the connection is closed: some instruments take only one. Left out: it is kept.',
          [
            'Loslassen nach',
            'Sekunden ohne Frage, bis die Verbindung geschlossen wird: manche Geräte nehmen nur eine an. Ohne Angabe: sie bleibt.',
          ],
        ),
      }),
    ),
    error_queue: Type.Optional(
      Type.Boolean({
        ...{ default: true },
        ...texts('Read errors', 'Reads its error queue every minute, which empties it for other programs.', [
          'Fehler lesen',
          'Liest jede Minute seine Fehlerliste; für andere Programme ist sie dann leer.',
        ]),
      }),
    ),
    read_only: Type.Optional(
      Type.Boolean({
        ...{ default: false },
        ...texts('Only look', 'Nothing is ever switched or set.', [
          'Nur ansehen',
          'Nichts wird je geschaltet oder gestellt.',
        ]),
      }),
    ),
  },
  {
    ...texts('SCPI', 'Instruments on the bench, by SCPI over TCP.', [
      'SCPI',
      'Messgeräte und Netzteile, über SCPI per TCP.',
    ]),
  },
);

const instrument = Type.String({
  ...{ pattern: '^[a-z0-9]{1,16}$', examples: ['supply'] },
  ...texts('Instrument', 'Its id above.', ['Gerät', 'Seine Id von oben.']),
});
const nameOf = (options: TSchemaOptions) => Type.String({ minLength: 1, maxLength: 40, ...options });

/** What is measured beside what a preset knows. */
const measurement = Type.Object(
  {
    instrument,
    name: nameOf(texts('Name', 'What is measured.', ['Name', 'Was gemessen wird.'])),
    query: line('MEAS:VOLT:DC?', texts('Query', 'What it is asked.', ['Abfrage', 'Was es gefragt wird.'])),
    measures: Type.Enum(Object.keys(LISTS) as [Measure, ...Measure[]], {
      ...texts('Is a', 'Decides unit and class.', ['Ist', 'Bestimmt Einheit und Klasse.']),
    }),
    pattern: Type.Optional(
      Type.String({
        ...{ minLength: 1, maxLength: 200 },
        ...texts(
          'Pattern',
          'Regular expression whose first group is the value. Left out: the whole answer.',
          ['Muster', 'Regulärer Ausdruck, dessen erste Gruppe der Wert ist. Ohne Angabe: die ganze Antwort.'],
        ),
      }),
    ),
    interval: Type.Optional(
      Type.Number({
        ...{ minimum: 1 },
        ...texts('Interval', 'Seconds. Left out: as for the instrument.', [
          'Abstand',
          'Sekunden. Ohne Angabe: wie beim Gerät.',
        ]),
      }),
    ),
  },
  { additionalProperties: false },
);

/** An output of one's own, or the most of one that a preset knows. */
const output = Type.Object(
  {
    instrument,
    name: nameOf(
      texts('Name', 'Of a preset’s output, as in CH1, or of one of your own.', [
        'Name',
        'Eines Ausgangs des Modells, etwa CH1, oder eines eigenen.',
      ]),
    ),
    on: Type.Optional(
      line('OUTP ON', texts('On', 'Command; only for one of your own.', ['Ein', 'Befehl; nur für eigene.'])),
    ),
    off: Type.Optional(
      line(
        'OUTP OFF',
        texts('Off', 'Command; only for one of your own.', ['Aus', 'Befehl; nur für eigene.']),
      ),
    ),
    state: Type.Optional(
      line(
        'OUTP?',
        texts('State', 'Query that answers 1 or 0, ON or OFF.', [
          'Zustand',
          'Abfrage, die 1 oder 0, ON oder OFF antwortet.',
        ]),
      ),
    ),
    set_voltage: Type.Optional(
      line(
        'VOLT {}',
        texts('Set voltage', 'Command with {} for the volts.', [
          'Spannung stellen',
          'Befehl mit {} für die Volt.',
        ]),
      ),
    ),
    voltage: Type.Optional(
      line(
        'VOLT?',
        texts('Voltage', 'Query for the volts it is set to.', [
          'Spannung',
          'Abfrage der eingestellten Volt.',
        ]),
      ),
    ),
    set_current: Type.Optional(
      line(
        'CURR {}',
        texts('Set current', 'Command with {} for the amperes.', [
          'Strom stellen',
          'Befehl mit {} für die Ampere.',
        ]),
      ),
    ),
    current: Type.Optional(
      line(
        'CURR?',
        texts('Current', 'Query for the amperes it is limited to.', [
          'Strom',
          'Abfrage der Strombegrenzung in Ampere.',
        ]),
      ),
    ),
    max_voltage: most(
      texts('Most volts', 'More is never set, nor switched on. Left out: the voltage is not set from here.', [
        'Höchstens Volt',
        'Mehr wird nie gestellt und nicht eingeschaltet. Ohne Angabe: die Spannung wird von hier nicht gestellt.',
      ]),
    ),
    max_current: most(
      texts(
        'Most amperes',
        'More is never set, nor switched on. Left out: the current is not set from here.',
        [
          'Höchstens Ampere',
          'Mehr wird nie gestellt und nicht eingeschaltet. Ohne Angabe: der Strom wird von hier nicht gestellt.',
        ],
      ),
    ),
  },
  { additionalProperties: false },
);

/** Beside the list of instruments, since a form shows no list within a list. */
export const scpiShared = Type.Object({
  scpi_measurements: Type.Optional(
    Type.Array(
      measurement,
      texts('SCPI measurements', 'What else is measured.', ['SCPI-Messungen', 'Was sonst gemessen wird.']),
    ),
  ),
  scpi_outputs: Type.Optional(
    Type.Array(
      output,
      texts('SCPI outputs', 'Outputs, and how far they may be set.', [
        'SCPI-Ausgänge',
        'Ausgänge, und wie weit sie gestellt werden dürfen.',
      ]),
    ),
  ),
});

export type ScpiOptions = Static<typeof scpiOptions> & Static<typeof scpiShared>;

/** A limit that is meant for an instrument and written down for none would protect nothing. */
export function checkScpiLists(
  options: Readonly<Record<string, unknown>>,
  ids: readonly unknown[],
): readonly OptionProblem[] {
  return ['scpi_measurements', 'scpi_outputs'].flatMap((list) => {
    const entries: unknown = options[list];
    return (Array.isArray(entries) ? entries : []).flatMap((entry: unknown, at): OptionProblem[] => {
      const { instrument: id, pattern } = (entry ?? {}) as { instrument?: unknown; pattern?: unknown };
      const path = `${list}[${at}]`;
      return [
        ...(typeof id === 'string' && !ids.includes(id)
          ? [{ path: `${path}.instrument`, message: `there is no “${id}” in scpi` }]
          : []),
        ...(typeof pattern === 'string' && !isPattern(pattern)
          ? [{ path: `${path}.pattern`, message: 'is no regular expression' }]
          : []),
      ];
    });
  });
}

function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
}
