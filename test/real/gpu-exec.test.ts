import assert from 'node:assert/strict';
import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fieldsOf } from '../../addon/src/sources/gpu/csv.ts';
import { rtx3090, smiCsv } from '../../simulators/gpu/index.ts';
import { type Dockerd, startDockerd } from '../parts/dockerd.ts';
import { type Labkeeper, startLabkeeper } from '../parts/labkeeper.ts';
import { type Mosquitto, startMosquitto } from '../parts/mosquitto.ts';
import { eventually } from '../parts/process.ts';
import { Retained } from '../parts/retained.ts';

const CARD = 'labkeeper/gpu_ai_gpu_5d8c2f0e-9b3a-4c61-8f27-1e6a40b7d935';

describe('nvidia-smi in a container of a real engine', { timeout: 300_000 }, () => {
  let folder: string;
  let dockerd: Dockerd;
  let mosquitto: Mosquitto;
  let broker: Retained;
  let labkeeper: Labkeeper | undefined;
  const card = rtx3090();

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'gpu-exec-'));
    const program = path.join(folder, 'nvidia-smi');
    await cp(path.join(import.meta.dirname, '../../simulators/gpu/nvidia-smi.sh'), program);
    await chmod(program, 0o755);
    await writeFile(path.join(folder, 'header'), `${fieldsOf(false).join(', ')}\n`);
    await write();
    await writeFile(path.join(folder, 'processes'), 'gpu_uuid, pid, process_name, used_gpu_memory [MiB]\n');
    dockerd = await startDockerd({ nvidia: true });
    mosquitto = await startMosquitto();
    broker = await Retained.of(mosquitto.port);
    for (const name of ['tts', 'spare']) await dockerd.start(name, withCards(program));
  });

  after(async () => {
    await labkeeper?.stop();
    await broker?.close();
    await mosquitto?.stop();
    await dockerd?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const withCards = (program: string) => ({
    Env: ['NVIDIA_VISIBLE_DEVICES=all'],
    HostConfig: { Runtime: 'nvidia', Binds: [`${program}:/bin/nvidia-smi:ro`, `${folder}:/state`] },
  });

  const write = (): Promise<void> =>
    writeFile(path.join(folder, 'cards'), `${smiCsv(card, fieldsOf(false))}\n`);

  const start = async (): Promise<Labkeeper> => {
    labkeeper = await startLabkeeper({
      mqtt: { host: '127.0.0.1', port: mosquitto.port },
      docker: [{ id: 'box', url: dockerd.url }],
      gpu: [{ id: 'ai', container: 'docker/box' }],
    });
    return labkeeper;
  };

  const utilization = (): unknown => JSON.parse(broker.messages.get(`${CARD}/metrics`) ?? '{}').utilization;

  /** Command lines that run in a container beside its own. */
  async function programsIn(name: string): Promise<readonly string[]> {
    const { Processes } = await dockerd.docker.getContainer(name).top({ ps_args: '-eo pid,args' });
    return (Processes as string[][])
      .map((row) => row.slice(1).join(' '))
      .filter((line) => /nvidia-smi/.test(line));
  }

  const noneIn = (name: string): Promise<unknown> =>
    eventually(`no nvidia-smi in ${name}`, async () => (await programsIn(name)).length === 0, 15_000);

  async function works(share: number): Promise<void> {
    card.utilization = share;
    await write();
    await eventually(`${share} %`, () => utilization() === share, 60_000);
  }

  it('shows the card, by one program that goes on', async () => {
    await start();
    await works(37);
    await works(64);
    const asked = await readFile(path.join(folder, 'asked'), 'utf8');
    assert.equal(asked.trim().split('\n').length, 1, asked);
    assert.deepEqual((await programsIn('tts')).concat(await programsIn('spare')).length > 0, true);
  });

  it('tells which container a process is of, by its id on the machine', async () => {
    const { State } = await dockerd.docker.getContainer('tts').inspect();
    await writeFile(
      path.join(folder, 'processes'),
      `gpu_uuid, pid, process_name, used_gpu_memory [MiB]\n${card.uuid}, ${State.Pid}, [Not Found], 6340 MiB\n`,
    );
    const { url, folder: data } = labkeeper ?? assert.fail();
    const token = /^http (\S+)/m.exec(await readFile(path.join(data, 'token'), 'utf8'))?.[1];
    const lab = async (): Promise<string> =>
      (await fetch(`${url}/api/lab`, { headers: { authorization: `Bearer ${token}` } })).text();
    const process = new RegExp(
      `"title":"sh","pid":${State.Pid},"vram":6.19140625,"container":"docker/box/container/tts"`,
    );
    await eventually('the process', async () => process.test(await lab()), 90_000);
  });

  it('goes on in another container where its own ends, and leaves nothing there', async () => {
    const first = (await programsIn('spare')).length > 0 ? 'spare' : 'tts';
    await dockerd.docker.getContainer(first).restart({ t: 1 });
    await works(11);
    const [, ...more] = await Promise.all(['spare', 'tts'].map(programsIn));
    assert.ok(more.length > 0);
  });

  it('leaves nothing behind when Labkeeper ends, nor when it is killed', async () => {
    await labkeeper?.stop();
    await Promise.all([noneIn('spare'), noneIn('tts')]);
    const { running } = await start();
    await works(88);
    running.kill('SIGKILL');
    await running.exited;
    await Promise.all([noneIn('spare'), noneIn('tts')]);
  });

  it('is not left running by one that does not hear that it shall end', async () => {
    await writeFile(path.join(folder, 'nvidia-smi'), await deaf(), { mode: 0o755 });
    await start();
    await works(23);
    await labkeeper?.stop();
    await Promise.all([noneIn('spare'), noneIn('tts')]);
  });

  const deaf = async (): Promise<string> =>
    (await readFile(path.join(folder, 'nvidia-smi'), 'utf8')).replace('\n', '\ntrap "" TERM\n');
});
