import { isDeepStrictEqual } from 'node:util';
import type { Finding } from '../../contract/finding.ts';
import { type Refused, type Right, refusals } from './access.ts';

/** What a person should know of an engine, as it is now. */
export class Troubles {
  readonly #about: string;
  readonly #report: (findings: readonly Finding[]) => void;
  #refused: Refused = new Set();
  #taken: string | undefined;
  #updates: readonly Finding[] = [];

  /** @param about the instance, as in `docker/nas` */
  constructor(about: string, report: (findings: readonly Finding[]) => void) {
    this.#about = about;
    this.#report = report;
  }

  get refused(): Refused {
    return this.#refused;
  }

  /** @returns whether that is new */
  setRefused(right: Right, isRefused: boolean): boolean {
    if (this.#refused.has(right) === isRefused) return false;
    const others = [...this.#refused].filter((other) => other !== right);
    this.#refused = new Set(isRefused ? [...others, right] : others);
    this.#tell();
    return true;
  }

  /** @param taken what says so, where another instance has the engine's id; undefined: nobody has */
  setTaken(taken: string | undefined): void {
    if (this.#taken === taken) return;
    this.#taken = taken;
    this.#tell();
  }

  /** @param findings what became of updates */
  setUpdates(findings: readonly Finding[]): void {
    if (isDeepStrictEqual(findings, this.#updates)) return;
    this.#updates = findings;
    this.#tell();
  }

  #tell(): void {
    this.#report([
      ...(this.#taken === undefined ? [] : [takenId(this.#about, this.#taken)]),
      ...refusals(this.#refused, this.#about),
      ...this.#updates,
    ]);
  }
}

function takenId(about: string, taken: string): Finding {
  return {
    key: 'engine-id-taken',
    severity: 'problem',
    about,
    title: 'Two Docker engines have one id',
    message:
      `${taken}: an engine with the same id answers at both. Either it is one engine that is reached in two ways, or ` +
      'the machine of one was cloned from the other with the id in it. It is not shown until that is settled, since ' +
      'nothing would tell the containers of one from those of the other.',
    remedy:
      'One engine in two ways: remove one of the two from the options. A cloned machine: give it an id of its own, on ' +
      'that machine, then restart Labkeeper. Containers are stopped and started by it, unless live restore is on.',
    commands: [
      'sudo systemctl stop docker.socket docker',
      'sudo rm -f /var/lib/docker/engine-id /etc/docker/key.json',
      'sudo systemctl start docker',
    ],
  };
}
