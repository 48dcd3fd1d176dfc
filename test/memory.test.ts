import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite, test } from 'node:test';
import { openDatabase } from '../addon/src/core/database.ts';
import { MemoryBook } from '../addon/src/engine/memory.ts';
import { recordingLog } from './helpers/samples.ts';

suite('what an instance remembers', () => {
  test('outlives a restart, is its own, and can be written anew', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'labkeeper-memory-'));
    try {
      const first = openDatabase(folder, recordingLog(), 0);
      const book = new MemoryBook(first);
      const memory = book.of(() => 'redfish/r640');
      assert.equal(memory.get('energy'), undefined);
      memory.put('energy', '1');
      memory.put('energy', '2');
      book.of(() => 'redfish/r730').put('energy', '9');
      first.close();

      const second = openDatabase(folder, recordingLog(), 0);
      const again = new MemoryBook(second);
      assert.equal(again.of(() => 'redfish/r640').get('energy'), '2');
      assert.equal(again.of(() => 'redfish/r730').get('energy'), '9');
      assert.equal(again.of(() => 'redfish/r640').get('log'), undefined);
      second.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('goes with the owner that it turns out to have', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'labkeeper-memory-'));
    try {
      const database = openDatabase(folder, recordingLog(), 0);
      const book = new MemoryBook(database);
      book.of(() => 'redfish/old').put('energy', '7');
      let owner = 'redfish/new';
      const memory = book.of(() => owner);
      assert.equal(memory.get('energy'), undefined);
      owner = 'redfish/old';
      assert.equal(memory.get('energy'), '7');
      database.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
