import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { TObject } from 'typebox';
import { parse, parseAllDocuments } from 'yaml';
import { type Configurable, validateOptions } from '../../addon/src/config/validate.ts';
import { LabError } from '../../addon/src/core/errors.ts';
import { chatterboxOptions, checkServer } from '../../addon/src/sources/chatterbox/config.ts';
import { checkDockerOptions, dockerOptions, dockerShared } from '../../addon/src/sources/docker/config.ts';
import { checkWays, gpuOptions } from '../../addon/src/sources/gpu/config.ts';
import { checkToken, mcpOptions } from '../../addon/src/sources/mcp/config.ts';
import { pbsOptions } from '../../addon/src/sources/pbs/config.ts';
import { checkProxmoxOptions, proxmoxOptions } from '../../addon/src/sources/proxmox/config.ts';
import { pulseOptions } from '../../addon/src/sources/pulse/config.ts';
import { redfishOptions } from '../../addon/src/sources/redfish/config.ts';
import { checkScpiLists, scpiOptions, scpiShared } from '../../addon/src/sources/scpi/config.ts';
import { checkLogin, unifiOptions } from '../../addon/src/sources/unifi/config.ts';

/** What each source lets people configure, without loading what talks to it. */
export const SOURCES: Readonly<Record<string, Configurable>> = {
  chatterbox: { options: chatterboxOptions, check: checkServer },
  docker: { options: dockerOptions, shared: dockerShared, check: checkDockerOptions },
  gpu: { options: gpuOptions, check: checkWays },
  mcp: { options: mcpOptions, check: checkToken },
  pbs: { options: pbsOptions },
  proxmox: { options: proxmoxOptions, check: checkProxmoxOptions },
  pulse: { options: pulseOptions },
  redfish: { options: redfishOptions },
  scpi: { options: scpiOptions, shared: scpiShared, checkShared: checkScpiLists },
  unifi: { options: unifiOptions, check: checkLogin },
};

/** The lines that a person is shown; none when all is well. */
export function problems(options: unknown, sources = SOURCES): readonly string[] {
  try {
    validateOptions(sources, options);
    return [];
  } catch (thrown) {
    assert.ok(thrown instanceof LabError && thrown.code === 'options_invalid', String(thrown));
    return thrown.message.split('\n');
  }
}

export const pathsOf = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => line.split(': ')[0] ?? '').sort();

/** The examples of the full options in DOCS.md. */
export function documentedExamples(): readonly Readonly<Record<string, unknown>>[] {
  const text = readFileSync(new URL('../../DOCS.md', import.meta.url), 'utf8');
  return [...text.matchAll(/<!-- example -->\n```yaml\n(.*?)```/gs)].map(([, yaml = '']) => parse(yaml));
}

/** Options as released versions accepted them, each document of each version's file. */
export function releasedOptions(): readonly { readonly version: string; readonly options: unknown }[] {
  const folder = new URL('../released-options/', import.meta.url);
  return readdirSync(folder).flatMap((name) =>
    [...parseAllDocuments(readFileSync(new URL(name, folder), 'utf8'))].map((document) => ({
      version: name.replace(/\.yaml$/, ''),
      options: document.toJS(),
    })),
  );
}

/** Every option of a schema, lists without their index: `mqtt.host`, `docker.url`. */
export function optionPaths(schema: TObject): readonly string[] {
  return Object.entries(schema.properties as Readonly<Record<string, TObject & { items?: TObject }>>).flatMap(
    ([key, option]) => {
      const inner = option.items?.properties ? option.items : option;
      return inner.properties === undefined ? [key] : optionPaths(inner).map((path) => `${key}.${path}`);
    },
  );
}

/** Every option that a value gives, spelled like `optionPaths`. */
export function givenPaths(value: unknown): readonly string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap(givenPaths))];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const paths = givenPaths(inner);
    return paths.length === 0 ? [key] : paths.map((path) => `${key}.${path}`);
  });
}
