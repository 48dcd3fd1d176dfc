import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { counts, isStrong, makesOne } from '../addon/src/model/alias.ts';
import { type AliasType, alias } from '../addon/src/model/resource.ts';
import { aGuest, aHost, Told } from './helpers/things.ts';

const NOTHING: readonly [AliasType, string][] = [
  ['serial', ''],
  ['serial', '  '],
  ['serial', '0'],
  ['serial', '--'],
  ['serial', 'None'],
  ['serial', '00000000'],
  ['serial', 'XXXXXXXX'],
  ['serial', '123456789'],
  ['serial', 'Default string'],
  ['serial', 'To be filled by O.E.M.'],
  ['serial', 'System Serial Number'],
  ['smbios', '00000000-0000-0000-0000-000000000000'],
  ['smbios', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'],
  ['smbios', '03000200-0400-0500-0006-000700080009'],
  ['gpu_uuid', 'GPU-00000000-0000-0000-0000-000000000000'],
  ['gpu_uuid', 'N/A'],
  ['mac', '00:00:00:00:00:00'],
  ['mac', 'ff:ff:ff:ff:ff:ff'],
  // Made up by software, and sent to groups.
  ['mac', '02:42:ac:11:00:02'],
  ['mac', '52:54:00:12:34:56'],
  ['mac', '01:00:5e:00:00:01'],
  ['mac', 'eth0'],
  ['ip', '127.0.0.1'],
  ['ip', '0.0.0.0'],
  ['ip', '::1'],
  ['ip', '::'],
  ['ip', '169.254.3.4'],
  ['ip', 'fe80::1'],
  ['ip', '172.17.0.1'],
  ['ip', ''],
  ['hostname', ''],
  ['hostname', '(none)'],
  ['hostname', 'localhost'],
  ['hostname', 'localhost.localdomain'],
  ['pci', ''],
];

const SOMETHING: readonly [AliasType, string][] = [
  ['serial', '7QK1X42'],
  ['serial', 'S5GXNX0T100'],
  ['serial', 'NA1234'],
  ['smbios', '4C4C4544-0042-3510-8052-B4C04F564D33'],
  ['gpu_uuid', 'GPU-5f2c1a7e-0001-4000-8000-00000000abcd'],
  ['mac', 'BC:24:11:01:02:03'],
  ['mac', '00:00:00:00:00:01'],
  ['ip', '10.0.20.5'],
  ['ip', '172.17.0.10'],
  ['ip', '12.7.0.1'],
  ['ip', '2001:db8::1'],
  ['ip', '::2'],
  ['hostname', 'docker1'],
  ['hostname', 'localhoster'],
  ['pci', '0000:00:02.0'],
];

suite('an alias', () => {
  test('has one spelling', () => {
    const mac = 'mac:bc:24:11:01:02:03';
    for (const text of ['BC-24-11-01-02-03', ' bc:24:11:01:02:03 ', 'bc24.1101.0203', 'BC2411010203']) {
      assert.equal(alias('mac', text), mac);
    }
    assert.equal(alias('mac', 'Not One'), 'mac:not one');
    assert.equal(alias('hostname', 'Docker1.lan.'), 'hostname:docker1.lan');
    assert.equal(alias('serial', ' 7qk1X42 '), 'serial:7qk1x42');
  });

  for (const [type, value] of NOTHING) {
    test(`${type} ${JSON.stringify(value)} says nothing`, () =>
      assert.equal(counts(alias(type, value)), false));
  }

  for (const [type, value] of SOMETHING) {
    test(`${type} ${value} says something`, () => assert.equal(counts(alias(type, value)), true));
  }

  test('is strong or weak by its type', () => {
    const strong = SOMETHING.map(([type, value]) => alias(type, value)).filter(isStrong);
    assert.deepEqual(
      [...new Set(strong.map((one) => one.split(':')[0]))],
      ['serial', 'smbios', 'gpu_uuid', 'mac', 'pci'],
    );
  });

  test('that is the address of a slot does not make two things one', () => {
    assert.equal(makesOne('pci:0000:3b:00.0'), false);
    assert.equal(makesOne('pci:3b:00.0'), false);
    assert.equal(makesOne('pci:3b:00'), false);
    assert.equal(makesOne('pci:7qk1x42/0000:3b:00.0'), true);
    assert.equal(makesOne('mac:bc:24:11:01:02:03'), true);
    assert.equal(makesOne('ip:10.0.20.5'), false);
  });

  test('that says nothing finds nothing, nor is it a doubt', () => {
    const told = new Told();
    const nothing = NOTHING.map(([type, value]) => alias(type, value));
    told.give(aHost(...nothing), aGuest('100', ...nothing), aGuest('101', ...nothing));
    assert.equal(told.parent('docker/nas/host/engine'), undefined);
    assert.deepEqual(told.doubts, []);
  });
});
