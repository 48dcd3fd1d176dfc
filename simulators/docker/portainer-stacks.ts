import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PortainerOptions, SimStack } from './portainer.ts';

type Body = Readonly<Record<string, unknown>>;

const NOT_THERE = 'Unable to find a stack with the specified identifier inside the database';

/** Portainer's API of stacks: what there is, their files, and what applies them. */
export class SimStacks {
  readonly changes: { readonly call: string; readonly body: Body }[] = [];
  readonly #options: PortainerOptions;
  readonly #stacks: Map<number, SimStack>;

  constructor(options: PortainerOptions) {
    this.#options = options;
    this.#stacks = new Map((options.stacks ?? []).map((stack) => [stack.id, stack]));
  }

  add(stack: SimStack): void {
    this.#stacks.set(stack.id, stack);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams, search } = new URL(request.url ?? '/', 'http://portainer');
    const { method = 'GET' } = request;
    if (method === 'POST' && pathname === '/api/stacks/create/standalone/string')
      return this.#create(Number(searchParams.get('endpointId')), request, response);
    const [, id, rest = ''] = /^\/api\/stacks(?:\/(\d+)(\/.*)?)?$/.exec(pathname) ?? [];
    if (id === undefined) {
      json(response, [...this.#stacks.values()].map(stackJson));
      return;
    }
    const stack = this.#stacks.get(Number(id));
    if (stack === undefined) return refuse(response, 404, NOT_THERE, 'object not found inside the database');
    const text = (await request.toArray()).join('');
    const call = `${method} ${rest}`;
    if (call === 'GET ') return json(response, stackJson(stack));
    if (call === 'GET /file') return json(response, { StackFileContent: stack.file ?? '' });
    if (call === 'DELETE ') return this.#remove(stack, `${method} ${pathname}${search}`, response);
    if (call !== 'PUT ' && call !== 'PUT /git/redeploy') {
      response.writeHead(405).end();
      return;
    }
    if (this.#options.isRestricted === true) {
      const why = 'Stack editing is disabled for non-admin users';
      return refuse(response, 403, why, why);
    }
    if (searchParams.get('endpointId') !== String(stack.environment)) {
      return refuse(response, 400, 'Invalid query parameter: endpointId', 'invalid query parameter');
    }
    const body = JSON.parse(text) as Body;
    this.changes.push({ call: `${method} ${pathname}${search}`, body });
    await this.#apply(stack, body, rest !== '', response);
  }

  /** It is listed when Compose has made it, and not before. */
  async #create(environment: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { Name, StackFileContent, Env } = JSON.parse((await request.toArray()).join('')) as Body;
    const name = String(Name);
    this.changes.push({ call: `POST ${request.url}`, body: { Name, StackFileContent, Env } });
    const why = `A stack with the normalized name '${name}' already exists`;
    if ([...this.#stacks.values()].some((one) => one.name === name)) return refuse(response, 409, why, why);
    const env = (Env ?? []) as NonNullable<SimStack['env']>;
    const id = Math.max(0, ...this.#stacks.keys()) + 1;
    const made = { id, name, environment, file: String(StackFileContent), env };
    try {
      await this.#options.deploy?.(made, false);
    } catch (thrown) {
      return refuse(response, 500, (thrown as Error).message, 'failed to deploy a stack');
    }
    this.#stacks.set(id, made);
    json(response, stackJson(made));
  }

  async #remove(stack: SimStack, call: string, response: ServerResponse): Promise<void> {
    this.changes.push({ call, body: {} });
    await this.#options.down?.(stack);
    this.#stacks.delete(stack.id);
    response.writeHead(204).end();
  }

  async #apply(stack: SimStack, body: Body, isGit: boolean, response: ServerResponse): Promise<void> {
    if (isGit && stack.git === undefined)
      return refuse(response, 400, 'Stack is not created from git', 'Stack is not created from git');
    if (!isGit && (typeof body.StackFileContent !== 'string' || body.StackFileContent === ''))
      return refuse(response, 400, 'Invalid request payload', 'Invalid stack file content');
    const { git, ...own } = stack;
    const changed: SimStack = {
      ...(isGit ? stack : own),
      ...(!isGit && { file: String(body.StackFileContent) }),
      env: (body.Env ?? []) as NonNullable<SimStack['env']>,
    };
    const { deploy, proxy } = this.#options;
    const early = proxy && setTimeout(() => response.writeHead(proxy.status).end('<html>'), proxy.afterMs);
    try {
      await deploy?.(changed, body.PullImage === true);
    } catch (thrown) {
      clearTimeout(early);
      const { message } = thrown as Error;
      if (!response.headersSent) refuse(response, 500, message, `failed to deploy a stack: ${message}`);
      return;
    }
    clearTimeout(early);
    const updated = Math.max(Math.floor(Date.now() / 1_000), (stack.updated ?? 0) + 1);
    this.#stacks.set(stack.id, { ...changed, updated });
    if (!response.headersSent) json(response, stackJson({ ...changed, updated }));
  }
}

export function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

export function refuse(response: ServerResponse, status: number, message: string, details: string): void {
  response
    .writeHead(status, { 'Content-Type': 'application/json' })
    .end(JSON.stringify({ message, details }));
}

function stackJson({ id, name, environment, status = 1, env = [], git, updated = 0 }: SimStack): object {
  return {
    Id: id,
    Name: name,
    Type: 2,
    EndpointId: environment,
    SwarmId: '',
    EntryPoint: 'docker-compose.yml',
    Env: env,
    Status: status,
    ProjectPath: `/data/compose/${id}`,
    UpdateDate: updated,
    GitConfig: git === undefined ? null : gitJson(git),
  };
}

const gitJson = ({ url, reference, username }: NonNullable<SimStack['git']>): object => ({
  URL: url,
  ReferenceName: reference,
  ConfigFilePath: 'docker-compose.yml',
  Authentication: username === undefined ? null : { Username: username, Password: '' },
  ConfigHash: '0123456789abcdef',
  TLSSkipVerify: false,
});
