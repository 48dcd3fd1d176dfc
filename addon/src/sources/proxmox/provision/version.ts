import { nodePath } from '../ids.ts';
import type { Desk } from '../reader.ts';

/** What a node runs, and whether that is at least so new. */
export async function versionOf(
  { client }: Desk,
  node: string,
  [main, minor]: readonly [main: number, minor: number],
  signal: AbortSignal,
): Promise<{ readonly version: string; readonly isEnough: boolean }> {
  const path = `${nodePath(node)}/version`;
  const { version = '' } = await client.get<{ readonly version?: string }>(path, signal);
  const [isMain = 0, isMinor = 0] = version.split('.').map(Number);
  return { version, isEnough: isMain > main || (isMain === main && isMinor >= minor) };
}
