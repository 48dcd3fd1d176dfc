import type { Side } from './pair.ts';

/** Lines of the log that a person would see, of one system and newer than `from`. @param from length of the output then */
export function told({ app }: Side, system: string, from: number): readonly string[] {
  const lines = app.running.output().slice(from).split('\n');
  return lines.filter((line) => / (WARN|ERROR) /.test(line) && line.includes(system));
}

/** Secrets that a side let out into its log or onto its broker; of each the first letters. */
export function leaked(side: Side, secrets: readonly string[]): readonly string[] {
  const said = `${side.app.running.output()}\n${side.heard()}`;
  return secrets
    .filter((secret) => said.includes(secret))
    .map((secret) => `a secret (${secret.slice(0, 3)}…)`);
}
