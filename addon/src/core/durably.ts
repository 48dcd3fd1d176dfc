import { type Database, transact } from './database.ts';
import { LabError } from './errors.ts';

/**
 * Runs `work` as one change that a power cut does not take back. The database as a whole may lose its last moments;
 * what is about to be sent to a system may not.
 *
 * @throws LabError `internal` when it cannot be written; nothing may be sent then
 */
export function durably<T>(database: Database, work: () => T): T {
  try {
    database.exec('PRAGMA synchronous = FULL');
    try {
      return transact(database, work);
    } finally {
      database.exec('PRAGMA synchronous = NORMAL');
    }
  } catch (cause) {
    throw new LabError('internal', `it could not be written down: ${(cause as Error).message}`, {
      hint: 'nothing was sent; see whether the disk of Labkeeper’s data folder is full',
      cause,
    });
  }
}
