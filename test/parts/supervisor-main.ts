// The stand-in for the Supervisor as a program, in a container of its own: at port 80, as apps look for it. It prints what
// it hears, a line of JSON each; what is sent to port 81 becomes the broker that it offers.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { json } from 'node:stream/consumers';
import { parse } from 'yaml';
import { aUser } from '../helpers/home-assistant-server.ts';
import { type BrokerService, SupervisorServer } from '../helpers/supervisor-server.ts';

const config = parse(readFileSync(new URL('../../addon/config.yaml', import.meta.url), 'utf8'));
const server = new SupervisorServer(config, process.env.TOKEN);
server.home.users = [aUser('admin', { group_ids: ['system-admin'] }), aUser('child')];
await server.listen('0.0.0.0', 80);

const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
server.onAsked = (what) => say({ asked: what });
server.onPushed = (pushed) => say({ pushed });
http
  .createServer(async (request, response) => {
    server.broker = (await json(request)) as BrokerService;
    response.end();
  })
  .listen(81, '127.0.0.1');
say({ listening: true });
process.on('SIGTERM', () => process.exit(0));
