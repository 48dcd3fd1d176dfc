import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checkQuery } from '../addon/src/sources/scpi/deny.ts';
import {
  identificationOf,
  numberOf,
  partsOf,
  queuedErrorOf,
  switchOf,
  unquoted,
} from '../addon/src/sources/scpi/parse.ts';
import { type Answer, AnswerReader } from '../addon/src/sources/scpi/reader.ts';

suite('numbers of instruments', () => {
  const table: readonly (readonly [string, number | null | undefined])[] = [
    ...([
      ['5', 5],
      ['-5.25', -5.25],
      ['+1.50000000E+00', 1.5],
      ['.5', 0.5],
      ['1 E3', 1_000],
    ] as const),
    ...([
      ['1.02kHz', 1_020],
      ['5.20E+00V', 5.2],
      ['3 mV', 0.003],
      ['20 Hz', 20],
      ['7 min', 7],
    ] as const),
    ...([
      ['9.91E37', null],
      ['+9.90000000E+37', null],
      ['-9.9E37', null],
      ['NAN', null],
      ['****', null],
    ] as const),
    ...([
      ['', undefined],
      ['ON', undefined],
      ['5 6', undefined],
      ['0x10', undefined],
      ['<html>', undefined],
    ] as const),
  ];
  for (const [text, value] of table) test(`“${text}”`, () => assert.equal(numberOf(text), value));
});

test('what else they say', () => {
  assert.deepEqual(partsOf('1;"a;b";2', ';'), ['1', '"a;b"', '2']);
  assert.equal(unquoted('"say ""hi"""'), 'say "hi"');
  assert.deepEqual(queuedErrorOf('-113,"Undefined header"'), { code: -113, message: 'Undefined header' });
  assert.equal(queuedErrorOf('garbage'), undefined);
  assert.equal(identificationOf('HTTP/1.1 400 Bad Request'), undefined);
  assert.equal(identificationOf('Maker,Model,0,1.0')?.serial, undefined);
  assert.deepEqual(['1', 'ON', '"on"', '0', 'off', '2', ''].map(switchOf), [
    ...[true, true, true, false, false, undefined, undefined],
  ]);
});

suite('answers on the wire', () => {
  const read = (text: string, size = 1): Answer | undefined => {
    const reader = new AnswerReader();
    const bytes = Buffer.from(text, 'latin1');
    for (let at = 0; at < bytes.length; at += size) {
      const found = reader.push(bytes.subarray(at, at + size));
      if (found !== undefined) return found.answer;
    }
    return reader.mayBeOver ? reader.finish() : undefined;
  };
  const block = (text: string): Answer => ({ block: Buffer.from(text, 'latin1') });

  for (const size of [1, 3, 1_000]) {
    test(`in pieces of ${size}`, () => {
      assert.deepEqual(read('1.5\r\n', size), { text: '1.5' });
      assert.deepEqual(read('#15a\nb\nc\n', size), block('a\nb\nc'));
      assert.deepEqual(read('DAT2,#14\n\n\n\n\n', size), block('\n\n\n\n'));
      assert.deepEqual(read('#0ab\nc\n', size), block('ab\nc'));
      assert.deepEqual(read('#H1F\n', size), { text: '#H1F' });
      assert.deepEqual(read('"no #12 block"\n', size), { text: '"no #12 block"' });
      assert.equal(read('never ends', size), undefined);
      assert.equal(read('#3100short', size), undefined);
    });
  }

  test('more than anybody asked for is seen', () => {
    assert.equal(new AnswerReader().push(Buffer.from('1\n2\n'))?.rest, 2);
    assert.equal(new AnswerReader().push(Buffer.from('#11a\n'))?.rest, 0);
  });

  test('nobody fills our memory', () => {
    for (const text of ['x'.repeat(70_000), '#9999999999', '#4 2 3', '#220000'.padEnd(3)].slice(0, 3))
      assert.throws(
        () => new AnswerReader().push(Buffer.from(text)),
        { code: 'source_failed' },
        text.slice(0, 20),
      );
  });
});

suite('what is asked by hand', () => {
  const fine = [
    '*IDN?',
    'MEAS:VOLT:DC?',
    ':MEAS:VOLT? (@1)',
    'SYST:ERR?',
    ':SYSTem:ERRor?;:MEAS:CURR?',
    'DATA:LAST?',
  ];
  for (const query of fine) test(`${query} is sent as it is`, () => assert.equal(checkQuery(query), query));

  const denied = [
    ...[
      '*RST',
      '*rst',
      '*SAV 1',
      '*RCL?',
      '*TST?',
      '*CAL?',
      '*IDN?;*RST',
      '*IDN? ; *rst',
      ' *RST;',
      '*CLS',
      '* RST',
    ],
    ...[
      'VOLT 5',
      'OUTP ON',
      'OUTP?;OUTP ON',
      'MEAS:VOLT?;VOLT 5',
      'VOLT 5?',
      'VOLT 5;?',
      'VOLT "x?"',
      ';',
      '',
      '?',
    ],
    ...['SYST:COMM:LAN:ADDR?', 'SYSTem:COMMunicate:LAN?', ':syst:comm:lan:pass?', 'SYSTEM:COMMUNICATE:TCP?'],
    ...['SYST:ERR?;COMM:LAN?', ':SYST:ERR?;COMM:LAN?', 'SYST : COMM : LAN ?', 'SYST\t:COMM?', 'SYST:\tCOMM?'],
    ...[
      'CAL?',
      'CALibration:ALL?',
      ':CAL:STR?',
      'SENS:CAL?',
      'DIAG:X?',
      'DIAGnostic?',
      'SYST:SEC:IMM?',
      'SYST:PRES?',
    ],
    ...[
      'FIRM:UPD?',
      'SYSTEM:REBOOT?',
      'LIC?',
      'COMM_NET?',
      '*IDN?\n*RST',
      '*IDN?\r*RST',
      '*IDN?\0',
      'MEAS?"',
      'MÉAS?',
    ],
    'MEAS:VOLT? '.padEnd(600, '1'),
  ];
  for (const query of denied) {
    test(`${JSON.stringify(query.slice(0, 40))} is not`, () =>
      assert.throws(() => checkQuery(query), { code: 'source_refused' }));
  }
});
