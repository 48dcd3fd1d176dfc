import { createHash } from 'node:crypto';
import { check } from './access.ts';
import { badParameters, died } from './errors.ts';
import type { Maker } from './making.ts';
import { textOf } from './parameters.ts';
import { storageIn } from './property.ts';
import type { StorageSpec } from './spec.ts';
import type { SimTask } from './tasks.ts';
import { isOn } from './views/resources.ts';
import { type StoredFile, volidOf } from './views/volumes.ts';

type Content = StoredFile['content'];

const EXTENSIONS: Readonly<Record<Content, RegExp>> = {
  iso: /^[^/]+\.(iso|img)$/i,
  vztmpl: /^[^/]+\.tar(\.(gz|xz|zst|bz2))?$/i,
  import: /^[a-zA-Z0-9_.+=-]+\.(ova|qcow2|raw|vmdk)$/,
};
/** Storages that files lie on. */
const WITH_PATH = ['dir', 'nfs', 'cifs', 'cephfs', 'btrfs'];

/** The appliances that can be downloaded, in `GET /nodes/{node}/aplinfo`. */
export const APPLIANCES = [
  appliance('debian-12-standard', '12.7-1', 'debian-12', 'Debian 12 Bookworm (standard)'),
  appliance('debian-13-standard', '13.1-2', 'debian-13', 'Debian 13 Trixie (standard)'),
  appliance('ubuntu-24.04-standard', '24.04-2', 'ubuntu-24.04', 'Ubuntu 24.04 Noble (standard)'),
] as const;

function appliance(name: string, version: string, os: string, headline: string) {
  const template = `${name}_${version}_amd64.tar.zst`;
  return {
    ...{ template, package: name, version, os, headline, type: 'lxc', section: 'system' },
    ...{ architecture: 'amd64', source: 'http://download.proxmox.com', description: `${headline}.` },
    ...{
      location: `http://download.proxmox.com/images/system/${template}`,
      infopage: 'https://pve.proxmox.com',
    },
    ...{ manageurl: '', maintainer: 'Proxmox Support Team <support@proxmox.com>' },
    ...{ sha512sum: createHash('sha512').update(template).digest('hex'), md5sum: '0' },
  };
}

/** `POST …/aplinfo` */
export function fetchAppliance(maker: Maker): SimTask {
  const template = textOf(maker.values, 'template') ?? '';
  if (!APPLIANCES.some((each) => each.template === template))
    throw badParameters({ template: 'no such template' });
  const storage = storageFor(maker, 'vztmpl', 'does not support templates');
  return download(maker, { storage, content: 'vztmpl', name: template, size: 126_515_062, id: template });
}

/** `POST …/download-url` */
export function downloadUrl(maker: Maker): SimTask {
  const { values } = maker;
  const content = (textOf(values, 'content') ?? '') as Content;
  const storage = storageFor(maker, content, `is not configured for content-type '${content}'`);
  const name = checkedName(values, content);
  const checksum = textOf(values, 'checksum');
  return download(maker, {
    ...{ storage, content, name, size: 345_000_000, id: name },
    ...(checksum !== undefined && { checksum }),
  });
}

/** `POST …/oci-registry-pull` */
export function pullImage(maker: Maker): SimTask {
  const { cluster, node, values } = maker;
  const storage = storageFor(maker, 'vztmpl', "is not configured for content-type 'vztmpl'");
  const reference = textOf(values, 'reference') ?? '';
  const name = `${normal(textOf(values, 'filename') ?? reference)}.tar`;
  if (cluster.files.some((file) => file.name === name && isAt(file, storage, node)))
    throw died(`refusing to override existing file '${name}'`);
  return download(maker, {
    ...{ storage, content: 'vztmpl' as const, name, size: 61_000_000, id: name, type: 'ociregistrypull' },
  });
}

/** `POST …/upload`: what is there under that name is overwritten. */
export function upload(maker: Maker, data: Buffer): SimTask {
  const { cluster, node, who, values } = maker;
  const content = (textOf(values, 'content') ?? '') as Content;
  const storage = storageFor(maker, content, `does not support '${content}' content`);
  const name = checkedName(values, content);
  const wanted = textOf(values, 'checksum');
  return cluster.tasks.start({
    ...{ node, type: 'imgcopy', id: '', user: who.id },
    run: async (task) => {
      const got = createHash(textOf(values, 'checksum-algorithm') ?? 'sha256')
        .update(data)
        .digest('hex');
      if (wanted !== undefined && wanted !== got)
        throw new Error(`checksum mismatch: got '${got}' != expect '${wanted}'`);
      await task.pause(500);
      keep(maker, { storage: storage.storage, node, content, name, size: data.length, data, time: 0 });
    },
  });
}

/** `DELETE …/content/{volume}` */
export function removeFile(maker: Maker): SimTask {
  const { cluster, node, who, values } = maker;
  const volume = textOf(values, 'volume') ?? '';
  const volid = volume.includes(':') ? volume : `${textOf(values, 'storage')}:${volume}`;
  check(who, `/storage/${storageIn(volid)}`, ['Datastore.Allocate']);
  return cluster.tasks.start({
    ...{ node, type: 'imgdel', id: storageIn(volid), user: who.id },
    run: async (task) => {
      await task.pause(500);
      if (!cluster.files.some((file) => volidOf(file) === volid))
        throw new Error(`unable to parse volume filename`);
      cluster.files = cluster.files.filter((file) => volidOf(file) !== volid || !isHere(maker, file));
      task.say(`Removed volume '${volid}'`);
    },
  });
}

interface Download {
  readonly storage: StorageSpec;
  readonly content: Content;
  readonly name: string;
  readonly size: number;
  readonly id: string;
  readonly type?: string;
  readonly checksum?: string;
}

function download(maker: Maker, { storage, id, type = 'download', ...file }: Download): SimTask {
  const { cluster, node, who } = maker;
  return cluster.tasks.start({
    ...{ node, type, id, user: who.id },
    run: async (task) => {
      const known = cluster.files.find((each) => each.name === file.name && isAt(each, storage, node));
      if (known !== undefined && known.checksum === file.checksum) {
        task.say('OK, got correct file already, no need to download');
        return;
      }
      if (known !== undefined) throw new Error('refusing to override existing file');
      await task.pause(cluster.downloadMs);
      if (cluster.downloadError !== undefined) throw new Error(cluster.downloadError);
      keep(maker, { ...file, storage: storage.storage, node, time: 0 });
    },
  });
}

function keep({ cluster }: Maker, file: StoredFile): void {
  const others = cluster.files.filter(
    (each) => each.name !== file.name || each.storage !== file.storage || each.node !== file.node,
  );
  cluster.files = [...others, { ...file, time: Math.floor(cluster.clock.now() / 1_000) }];
}

const isAt = (file: StoredFile, storage: StorageSpec, node: string): boolean =>
  file.storage === storage.storage && (storage.shared === true || file.node === node);

const isHere = ({ cluster, node }: Maker, file: StoredFile): boolean => {
  const storage = cluster.storages.find((each) => each.storage === file.storage);
  return storage !== undefined && isAt(file, storage, node);
};

/** @throws PveError */
function storageFor({ cluster, node, values }: Maker, content: Content, refusal: string): StorageSpec {
  const name = textOf(values, 'storage') ?? '';
  const found = cluster.storages.find((each) => each.storage === name);
  if (found === undefined) throw died(`storage '${name}' does not exist`);
  if (!isOn(found, node)) throw died(`storage '${name}' is not available on node '${node}'`);
  if (!WITH_PATH.includes(found.type)) throw died(`can't upload to storage type '${found.type}'`);
  if (!found.content.split(',').includes(content)) throw died(`storage '${name}' ${refusal}`);
  return found;
}

function checkedName(values: Maker['values'], content: Content): string {
  const name = normal(textOf(values, 'filename') ?? '');
  if (!EXTENSIONS[content].test(name)) throw badParameters({ filename: 'wrong file extension' });
  return name;
}

/** As `normalize_content_filename`. */
const normal = (name: string): string =>
  name
    .replace(/^.*[/\\]/, '')
    .trim()
    .replaceAll(/[^a-zA-Z0-9_.+=-]/g, '_');
