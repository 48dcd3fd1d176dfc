import { madeOf } from './compose-file.ts';
import type { SimContainer } from './container.ts';
import type { DockerEngine } from './engine.ts';
import type { ContainerSpec } from './spec.ts';
import { pause } from './time.ts';

export interface ComposeOptions {
  /** Whole paths of the files that are on the machine; what is in none of them Compose does not find. */
  readonly files: Set<string>;
  /** Milliseconds between the end of an old container and its successor's start. */
  readonly stepMs?: number;
  /** The first time it fails as soon as it has removed an old container. */
  readonly breaksOnce?: boolean;
  /** Variables that the files need and nobody has set. */
  readonly unset?: readonly string[];
}

interface Result {
  readonly code: number;
  readonly text: string;
}

const LABEL = 'com.docker.compose.';

/**
 * Compose on the machine of a simulated engine, as a helper container or Portainer runs it. What its files say is what
 * stands on the machine's disk; of those that are not there, what the engine's containers were first made from.
 */
export class SimCompose {
  readonly options: ComposeOptions;
  /** What was asked of it, without what names the project. */
  readonly asked: (readonly string[])[] = [];
  readonly #engine: DockerEngine;
  #hasBroken = false;
  readonly #services = new Map<string, ContainerSpec>();

  constructor(engine: DockerEngine, options: ComposeOptions) {
    this.#engine = engine;
    this.options = options;
    engine.whenStarted = (container) => this.#started(container);
  }

  /** Takes what the engine has now for what the files say. */
  learn(): void {
    for (const { spec } of this.#engine.containers) {
      const key = keyOf(spec);
      if (key !== undefined) this.#services.set(key, spec);
    }
  }

  /** Takes what a file says for what is to be there. @returns what of the project is not in it any more */
  read(project: string, text: string, variables = ''): readonly string[] {
    const { specs, volumes, networks } = madeOf(text, project, variables);
    const before = [...this.#services.keys()].filter((key) => key.startsWith(`${project} `));
    for (const key of before) this.#services.delete(key);
    for (const spec of specs) this.#services.set(keyOf(spec) ?? '', spec);
    const labels = { [`${LABEL}project`]: project };
    for (const name of volumes) this.#engine.kept.volumes.set(name, { name, labels });
    for (const name of networks) this.#engine.kept.networks.set(name, { name, labels });
    return before.filter((key) => !this.#services.has(key));
  }

  /** Makes anew what is made from another image than its name stands for, and what lives in its network. */
  async up(project: string, services?: readonly string[], starts = true): Promise<void> {
    for (const [key, spec] of this.#services) {
      const service = spec.labels?.[`${LABEL}service`] ?? '';
      if (!key.startsWith(`${project} `) || services?.includes(service) === false) continue;
      const networkMode = this.#networkOf(project, spec);
      const old = this.#engine.containers.find((one) => keyOf(one.spec) === key);
      const isSame =
        old !== undefined &&
        old.imageId === this.#engine.images.tagged(spec.image) &&
        old.spec.networkMode === networkMode &&
        old.spec.labels?.[`${LABEL}config-hash`] === spec.labels?.[`${LABEL}config-hash`];
      if (!isSame) {
        if (old !== undefined) this.#engine.remove(old.id, true);
        if (this.options.breaksOnce === true && !this.#hasBroken) {
          this.#hasBroken = true;
          throw new Error('no space left on device');
        }
        await pause(this.#engine.time, this.options.stepMs ?? 0);
        this.#engine.create({ ...spec, ...(networkMode !== undefined && { networkMode }) });
      }
      if (starts) this.#engine.start(spec.name);
    }
  }

  #networkOf(project: string, { networkMode, labels }: ContainerSpec): string | undefined {
    const needs = labels?.['simulated.network.of'];
    if (needs === undefined) return networkMode;
    const other = this.#engine.containers.find(({ spec }) => keyOf(spec) === `${project} ${needs} 1`);
    return `container:${other?.id ?? 'gone'}`;
  }

  #started(container: SimContainer): void {
    const [program, ...words] = container.spec.command ?? [];
    if (program !== 'compose') return;
    void this.#run(words).then(({ code, text }) => {
      try {
        if (text !== '') this.#engine.write(container.id, `${text}\n`, 'stderr');
        this.#engine.die(container.id, code);
      } catch {
        // Somebody removed it meanwhile.
      }
    });
  }

  async #run(words: readonly string[]): Promise<Result> {
    const given: Record<string, string[]> = {};
    const rest: string[] = [];
    for (let index = 0; index < words.length; index += 1) {
      const word = words[index] ?? '';
      if (['-p', '-f', '--project-directory', '--env-file', '--pull', '--scale'].includes(word)) {
        given[word] = [...(given[word] ?? []), words[index + 1] ?? ''];
        index += 1;
      } else rest.push(word);
    }
    this.asked.push(rest);
    const onDisk = (file: string): string | undefined => this.#engine.disk.get(file);
    const missing = given['-f']?.find((file) => !this.options.files.has(file) && onDisk(file) === undefined);
    if (missing !== undefined) return { code: 1, text: `open ${missing}: no such file or directory` };
    const [verb] = rest;
    const warnings = (this.options.unset ?? []).map(
      (name) => `level=warning msg="The \\"${name}\\" variable is not set. Defaulting to a blank string."`,
    );
    if (verb === 'config') return { code: 0, text: warnings.join('\n') };
    if (verb !== 'up') return { code: 1, text: `unknown docker command: "compose ${verb}"` };
    const services = rest.slice(1).filter((word) => !word.startsWith('-'));
    const project = given['-p']?.[0] ?? '';
    const text = onDisk(given['-f']?.[0] ?? '');
    try {
      const gone =
        text === undefined
          ? []
          : this.read(project, text, onDisk(`${given['--project-directory']?.[0]}/.env`));
      for (const old of this.#engine.containers.filter(({ spec }) => gone.includes(keyOf(spec) ?? '')))
        if (rest.includes('--remove-orphans')) this.#engine.remove(old.id, true);
      await this.up(project, services.length === 0 ? undefined : services, !rest.includes('--no-start'));
      return { code: 0, text: ' Container Started' };
    } catch (thrown) {
      return { code: 1, text: `Error: ${(thrown as Error).message}` };
    }
  }
}

function keyOf({ labels = {} }: ContainerSpec): string | undefined {
  const project = labels[`${LABEL}project`];
  if (project === undefined) return undefined;
  return `${project} ${labels[`${LABEL}service`]} ${labels[`${LABEL}container-number`]}`;
}
