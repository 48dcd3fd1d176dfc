import { LabError } from './errors.ts';

/** SQLite's results (their lowest eight bits): no right to, read-only, the disk fails, it is full, it cannot be opened. */
const SQLITE: readonly number[] = [3, 8, 10, 13, 14];
const FILES: readonly string[] = ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO'];

/**
 * What to tell a person where the data folder could not be written to: `data_unwritable`.
 *
 * @param thrown whatever went wrong; what has other reasons is given back as it is
 */
export function asUnwritable(thrown: unknown, folder: string): unknown {
  const {
    code = '',
    errcode = 0,
    path,
  } = (thrown ?? {}) as { code?: string; errcode?: number; path?: string };
  const isOurs =
    code === 'ERR_SQLITE_ERROR'
      ? SQLITE.includes(errcode & 0xff)
      : FILES.includes(code) && path?.startsWith(folder) === true;
  if (!isOurs) return thrown;
  const { message } = thrown as Error;
  return new LabError('data_unwritable', `the data folder ${folder} cannot be written to: ${message}`, {
    hint: 'see whether its disk is full or read-only, and whether Labkeeper may write there; then start it again',
    cause: thrown,
  });
}
