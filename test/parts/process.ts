import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';

/** A server that was started for a test. */
export interface Running {
  readonly pid: number;
  /** What it has printed so far. */
  output(): string;
  readonly exited: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
  /** Asks it to end, and makes it end when it does not within `patienceMs`. */
  stop(patienceMs?: number): Promise<void>;
}

/** A server that can be ended, and started again as it was: same port, same folder. */
export interface Restartable {
  /** The process of now, or the last one. */
  readonly running: Running;
  end(): Promise<void>;
  start(): Promise<void>;
}

export interface SpawnOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

/** Starts a program whose output is kept; it ends with this process at the latest. */
export function run(command: string, args: readonly string[], { env, cwd }: SpawnOptions = {}): Running {
  const child: ChildProcess = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
  });
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk) => chunks.push(chunk));
  child.stderr?.on('data', (chunk) => chunks.push(chunk));
  const onExit = (): void => void child.kill('SIGKILL');
  process.once('exit', onExit);
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('exit', (code) => {
      process.removeListener('exit', onExit);
      resolve(code);
    });
    child.once('error', (error) => {
      chunks.push(Buffer.from(error.message));
      reject(error);
    });
  });
  exited.catch(() => {});
  return {
    pid: child.pid ?? 0,
    output: () => Buffer.concat(chunks).toString(),
    exited,
    kill: (signal) => void child.kill(signal),
    stop: async (patienceMs = 15_000) => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
        await once(child, 'exit');
        clearTimeout(timer);
      }
    },
  };
}

/** Runs a program to its end; throws what it printed when it fails. */
export async function runToEnd(
  command: string,
  args: readonly string[],
  options?: SpawnOptions,
): Promise<string> {
  const running = run(command, args, options);
  const code = await running.exited;
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${running.output()}`);
  return running.output();
}

/** Waits until `check` gives something; an error that it throws last is the reason when it never does. */
export async function eventually<T>(
  what: string,
  check: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs = 10_000,
): Promise<T> {
  const end = performance.now() + withinMs;
  let reason: unknown;
  while (performance.now() < end) {
    try {
      const value = await check();
      if (value !== undefined && value !== false) return value;
      reason = undefined;
    } catch (thrown) {
      reason = thrown;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${what}: not within ${withinMs / 1000} s`, { cause: reason });
}

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Whether something accepts connections on a port of this machine. */
export async function isListening(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Waits until something listens; fails at once when `running` ended instead. */
export function untilListening(
  name: string,
  port: number,
  running: Running,
  withinMs: number,
): Promise<boolean> {
  let ended = false;
  running.exited.then(
    () => (ended = true),
    () => (ended = true),
  );
  return eventually(
    `${name} on port ${port}`,
    async () => {
      if (ended) throw new Error(`${name} ended:\n${running.output()}`);
      return isListening(port);
    },
    withinMs,
  );
}
