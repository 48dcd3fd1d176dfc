import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Home } from './home.ts';

const INTEGRATION = new URL('../../custom_components/labkeeper', import.meta.url).pathname;

/** Puts our integration into Home Assistant’s folder, as HACS does. */
export async function copyIntegration(folder: string): Promise<void> {
  const target = path.join(folder, 'custom_components', 'labkeeper');
  await mkdir(path.dirname(target), { recursive: true });
  await cp(INTEGRATION, target, { recursive: true, filter: (file) => !file.includes('__pycache__') });
}

/** Where Home Assistant answers, and as whom we ask. */
export interface Access {
  readonly url: string;
  readonly token: string;
}

export interface FlowStep {
  readonly type: string;
  readonly flow_id: string;
  readonly step_id?: string;
  readonly reason?: string;
  readonly errors?: Readonly<Record<string, string>>;
  readonly result?: { readonly entry_id: string; readonly state: string; readonly title: string };
}

/** Asks Home Assistant’s REST API. @throws Error with the answer where it is not 2xx */
export async function ask({ url, token }: Access, path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

/** Sets an app up by its address and token, as a user does in the form. */
export async function setUpIntegration(
  access: Access,
  input: { readonly url: string; readonly token: string },
): Promise<FlowStep> {
  const flows = '/api/config/config_entries/flow';
  const form = (await ask(access, flows, { handler: 'labkeeper' })) as FlowStep;
  return (await ask(access, `${flows}/${form.flow_id}`, input)) as FlowStep;
}

/** Calls one of our actions and returns its response. @throws what Home Assistant answers: `{code, message}` */
export async function act(home: Home, action: string, data: object = {}): Promise<Acted> {
  const answer = await home.connection.sendMessagePromise<{ response: Acted }>({
    type: 'call_service',
    domain: 'labkeeper',
    service: action,
    service_data: data,
    return_response: true,
  });
  return answer.response;
}

export interface Acted {
  readonly jobs?: readonly {
    readonly id: string;
    readonly state: string;
    readonly target: string;
    readonly result?: Readonly<Record<string, unknown>>;
  }[];
  readonly plans?: readonly {
    readonly action: string;
    readonly risk: string;
    readonly target: { readonly id: string; readonly name: string };
    readonly steps: readonly { readonly name: string }[];
    readonly warnings?: readonly string[];
  }[];
}

/** Makes a user who is no administrator, and signs in. @returns a token of theirs */
export async function signInAs(access: Access, home: Home, name: string, password: string): Promise<string> {
  const { user } = await home.connection.sendMessagePromise<{ user: { id: string } }>({
    ...{ type: 'config/auth/create', name, group_ids: ['system-users'] },
  });
  await home.connection.sendMessagePromise({
    ...{ type: 'config/auth_provider/homeassistant/create', user_id: user.id, username: name, password },
  });
  const client_id = `${access.url}/`;
  const flow = { client_id, handler: ['homeassistant', null], redirect_uri: client_id };
  const { flow_id } = (await ask(access, '/auth/login_flow', flow)) as { flow_id: string };
  const given = { client_id, username: name, password };
  const { result } = (await ask(access, `/auth/login_flow/${flow_id}`, given)) as { result: string };
  const form = new URLSearchParams({ grant_type: 'authorization_code', code: result, client_id });
  const answer = await fetch(`${access.url}/auth/token`, { method: 'POST', body: form });
  return ((await answer.json()) as { access_token: string }).access_token;
}
