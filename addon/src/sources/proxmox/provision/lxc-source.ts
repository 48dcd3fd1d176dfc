import type { CreateLxcInput } from '../../../contract/inputs/create-lxc.ts';
import type { Check } from '../../../contract/step.ts';
import { LabError } from '../../../core/errors.ts';
import { nodePath } from '../ids.ts';
import type { Desk } from '../reader.ts';
import type { VolumeRow } from '../storage/wire.ts';
import type { Fetch } from './image.ts';
import type { Need } from './make-checks.ts';
import { roomiest } from './new-guest.ts';
import { versionOf } from './version.ts';
import { fetchNeeds } from './vm-source.ts';

/** What a container is made from, looked up. */
export interface ContainerSource {
  readonly checks: readonly Check[];
  readonly needs: readonly Need[];
  readonly warnings: readonly string[];
  /** Volume of its template. */
  readonly volid?: string;
  /** What has to be done for it to be there. */
  readonly fetch?: Fetch;
}

/** A row of `GET /nodes/{node}/aplinfo`. */
interface Appliance {
  readonly template?: string;
}

/** @throws LabError `input_invalid` unless exactly one is given */
export async function containerSourceOf(
  desk: Desk,
  node: string,
  { template, image }: CreateLxcInput,
  signal: AbortSignal,
): Promise<ContainerSource> {
  if ((template === undefined) === (image === undefined)) {
    throw new LabError('input_invalid', 'input: it is made from one of template and image', {
      path: 'input',
      hint: template === undefined ? 'give one of them' : 'give only one of them',
    });
  }
  const storage = roomiest(desk, node, 'vztmpl');
  if (storage === undefined) {
    const message = `${node} has no storage that takes templates of containers`;
    const hint = 'add “Container template” to the content of a directory storage';
    return { checks: [{ name: 'Template', ok: false, message, hint }], needs: [], warnings: [] };
  }
  return template === undefined
    ? ofImage(desk, node, storage, String(image), signal)
    : ofTemplate(desk, node, storage, template, signal);
}

async function ofTemplate(
  desk: Desk,
  node: string,
  storage: string,
  wanted: string,
  signal: AbortSignal,
): Promise<ContainerSource> {
  const lying = await templatesOn(desk, node, signal);
  const there = newest(lying.map(({ volid }) => volid.slice(volid.indexOf('/') + 1)).filter(fits(wanted)));
  if (there !== undefined) {
    const volid = lying.find((row) => row.volid.endsWith(`/${there}`))?.volid ?? '';
    return {
      checks: [{ name: 'Template', ok: true, message: `${volid} is there` }],
      needs: [],
      warnings: [],
      volid,
    };
  }
  const list = await desk.client.list<Appliance>(`${nodePath(node)}/aplinfo`, signal);
  const names = list.flatMap(({ template }) => template ?? []);
  const found = newest(names.filter(fits(wanted)));
  if (found === undefined) {
    const known = names
      .map((name) => name.split('_')[0])
      .sort()
      .join(', ');
    const message = `neither ${node} nor the list of appliances has a template “${wanted}”`;
    return {
      checks: [{ name: 'Template', ok: false, message, hint: `there is: ${known}` }],
      needs: [],
      warnings: [],
    };
  }
  const volid = `${storage}:vztmpl/${found}`;
  return {
    checks: [{ name: 'Template', ok: true, message: `${found} is fetched to ${storage}` }],
    needs: [[['Datastore.AllocateTemplate', `/storage/${storage}`]]],
    warnings: [],
    volid,
    fetch: {
      ...{ name: `Fetch ${found}`, type: 'download', node, storage, volid },
      // Proxmox VE compares it with the sum in its signed list.
      call: { method: 'POST', path: `${nodePath(node)}/aplinfo`, form: { storage, template: found } },
    },
  };
}

async function ofImage(
  desk: Desk,
  node: string,
  storage: string,
  reference: string,
  signal: AbortSignal,
): Promise<ContainerSource> {
  const { version, isEnough } = await versionOf(desk, node, [9, 1], signal);
  if (!isEnough) {
    const message = `${node} runs Proxmox VE ${version}, which makes no containers of OCI images`;
    const check = { name: 'Image', ok: false, message, hint: 'that begins with 9.1; use a template' };
    return { checks: [check], needs: [], warnings: [] };
  }
  const file = reference.replaceAll(/[^a-zA-Z0-9_.-]/g, '_');
  const volid = `${storage}:vztmpl/${file}.tar`;
  const there = (await templatesOn(desk, node, signal)).find((row) => row.volid.endsWith(`/${file}.tar`));
  if (there !== undefined) {
    const day = new Date((there.ctime ?? 0) * 1_000).toISOString().slice(0, 10);
    return {
      checks: [{ name: 'Image', ok: true, message: `${there.volid} is there` }],
      needs: [],
      warnings: [
        `it is the image as it was pulled on ${day}; delete ${there.volid} to have a newer one pulled`,
      ],
      volid: there.volid,
    };
  }
  return {
    checks: [{ name: 'Image', ok: true, message: `${reference} is pulled to ${storage}` }],
    needs: fetchNeeds(node, storage).map(([first]): Need => [first]),
    warnings: [],
    volid,
    fetch: {
      ...{ name: `Pull ${reference}`, type: 'ociregistrypull', node, storage, volid },
      call: {
        method: 'POST',
        path: `${nodePath(node)}/storage/${encodeURIComponent(storage)}/oci-registry-pull`,
        form: { reference, filename: file },
      },
    },
  };
}

async function templatesOn(desk: Desk, node: string, signal: AbortSignal): Promise<readonly VolumeRow[]> {
  const storages = desk.picture.storagesFor('vztmpl', node);
  const lists = storages.map((storage) =>
    desk.client.list<VolumeRow>(
      `${nodePath(node)}/storage/${encodeURIComponent(storage)}/content?content=vztmpl`,
      signal,
    ),
  );
  return (await Promise.all(lists)).flat();
}

/** The file itself, or one whose name goes on with its version: `debian-12-standard_12.7-1_amd64.tar.zst`. */
const fits =
  (wanted: string) =>
  (name: string): boolean =>
    name === wanted || name.startsWith(`${wanted}_`);

const newest = (names: readonly string[]): string | undefined =>
  [...names].sort((one, other) => other.localeCompare(one, 'en', { numeric: true }))[0];
