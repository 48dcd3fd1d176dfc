import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryDatabase } from '../addon/src/core/database.ts';
import { ownId } from '../addon/src/core/own-id.ts';

test('an app keeps its id for as long as its database lives, and no two have the same', () => {
  const database = memoryDatabase();
  const id = ownId(database);
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.equal(ownId(database), id);
  assert.notEqual(ownId(memoryDatabase()), id);
});
