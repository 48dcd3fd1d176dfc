import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import type { OnLoadArgs, Plugin } from 'esbuild';

/**
 * Packages that vendor clients bring along for what Labkeeper never does with them, and why it is not needed.
 * Some are large: all of them together are more code than the app itself.
 */
const LEFT_OUT: Readonly<Record<string, string>> = {
  '@grpc/grpc-js': 'dockerode wants it for BuildKit sessions; images are built elsewhere',
  '@grpc/proto-loader': 'dockerode wants it for BuildKit sessions; images are built elsewhere',
  protobufjs: 'dockerode wants it for BuildKit sessions; images are built elsewhere',
  socks: 'mqtt wants it for brokers behind a SOCKS proxy',
  ws: 'mqtt wants it for brokers behind WebSockets; Node.js brings a WebSocket client of its own',
  '@fastify/ajv-compiler': 'fastify wants it for schemas; ours are checked by TypeBox',
  '@fastify/fast-json-stringify-compiler': 'fastify wants it for answers; ours are not cut to their schemas',
  'light-my-request': 'fastify wants it for requests that come over no network',
  yaml: '@fastify/swagger wants it for a description of the API in YAML; ours is JSON',
};

/** Who uses one of these for what Labkeeper does do. */
const NEEDED: Readonly<Record<string, string>> = { yaml: path.join('addon', 'src', 'config') };

/** In place of a package that is left out: loading it is fine, using it tells why it cannot work. */
export const leaveOut: Plugin = {
  name: 'leave-out',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(@[^/]+\/)?[^./][^/]*$/ }, ({ path: name, importer }) =>
      name in LEFT_OUT && !(name in NEEDED && importer.includes(NEEDED[name] ?? ''))
        ? { path: name, namespace: 'left-out' }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path: name }: OnLoadArgs) => {
      const message = `${name} is not part of this build: ${LEFT_OUT[name]} (scripts/build/plugins.ts)`;
      const contents = `const fail = () => { throw new Error(${JSON.stringify(message)}); };
        module.exports = new Proxy(fail, {
          get: (_, key) => (key === '__esModule' || typeof key === 'symbol' ? undefined : fail()),
          construct: fail,
        });`;
      return { contents, loader: 'js' };
    });
  },
};

/**
 * Docker over SSH: docker-modem loads its SSH client with itself. Here only the call loads it, from the chunk that the
 * entry point `SSH_ENTRY` makes.
 */
export const sshOnDemand: Plugin = {
  name: 'ssh-on-demand',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/ssh$/ }, ({ importer }) =>
      importer.includes(path.join('node_modules', 'docker-modem'))
        ? { path: 'docker-modem/ssh', namespace: 'on-demand' }
        : undefined,
    );
    onResolve({ filter: /.*/, namespace: 'on-demand' }, ({ path: file }) => ({ path: file, external: true }));
    onLoad({ filter: /.*/, namespace: 'on-demand' }, () => ({
      contents: `module.exports = (options) => require('./${SSH_CHUNK}.js').default(options);`,
      loader: 'js',
    }));
  },
};

export const SSH_CHUNK = 'docker-ssh';
export const SSH_ENTRY = { in: 'docker-modem/lib/ssh.js', out: SSH_CHUNK };

/**
 * Node.js's own modules through `process.getBuiltinModule`: an `import` reads every export of one, and some exports load
 * a good deal at the first look (of `node:http` a whole `fetch`, 13 MB). And Node.js's streams for their copies on npm,
 * of which there were four.
 */
export const builtins: Plugin = {
  name: 'builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z_:/-]+$/ }, ({ path: name, kind }) => {
      if (name === 'readable-stream') return { path: 'node:stream', namespace: 'builtin' };
      if (kind !== 'import-statement' || !isBuiltin(name)) return undefined;
      return { path: name.startsWith('node:') ? name : `node:${name}`, namespace: 'builtin' };
    });
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path: name }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(name)});`,
      loader: 'js',
    }));
    // Fastify loads it for the case that somebody wants such a server.
    onResolve({ filter: /^node:http2$/ }, ({ path: name }) => ({ path: name, namespace: 'late' }));
    onLoad({ filter: /.*/, namespace: 'late' }, ({ path: name }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, key) => process.getBuiltinModule(${JSON.stringify(name)})[key] });`,
      loader: 'js',
    }));
  },
};

/**
 * mqtt-packet keeps a buffer for each of the 65536 numbers of two bytes, to spare making one for a packet: 7 MB, more
 * than all else that the app holds when idle, against some ten nanoseconds a message. It has a switch for that.
 */
export const noNumberCache: Plugin = {
  name: 'no-number-cache',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]mqtt-packet[\\/]writeToStream\.js$/ }, async ({ path: file }) => ({
      contents: `${await readFile(file, 'utf8')}\nmodule.exports.cacheNumbers = false;\n`,
      loader: 'js',
    }));
  },
};
