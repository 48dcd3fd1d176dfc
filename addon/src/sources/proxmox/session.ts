import type { Capabilities } from '../../contract/capabilities.ts';
import type { PollTask, Session, SourceContext } from '../../contract/source.ts';
import { LabError } from '../../core/errors.ts';
import { Allowance } from './allowance.ts';
import { ProxmoxClient } from './client.ts';
import type { ProxmoxOptions } from './config.ts';
import { Report } from './doctor/report.ts';
import { agentOf } from './guest/agent-exec.ts';
import { guestControlOf } from './guest/control.ts';
import { Details } from './guest/details.ts';
import { look } from './guest/look.ts';
import { powerOf } from './guest/power.ts';
import { snapshotsOf } from './guest/snapshot-now.ts';
import { vmidIn } from './ids.ts';
import { nodeControlOf } from './node/control.ts';
import { Exporters } from './node/exporters.ts';
import { mayAt } from './permissions.ts';
import { Picture } from './picture.ts';
import { Lines } from './provision/lines.ts';
import { provisionOf } from './provision/provision.ts';
import { VmidMemory } from './provision/vmid-memory.ts';
import { Vmids } from './provision/vmids.ts';
import { type Desk, taskOf } from './reader.ts';
import { GUEST_READERS, READERS } from './readers.ts';
import { Strangers } from './strangers.ts';

/** After a command the guest is looked at again; some changes come late. */
const LOOKS_MS = [0, 2_000, 6_000];

/** One cluster, or one node that is in none: what is read is in `readers.ts`, what can be done in capabilities. */
export class ProxmoxSession implements Session {
  readonly watches = [];
  readonly tasks: readonly PollTask[];
  readonly capabilities: Partial<Capabilities>;

  readonly #client: ProxmoxClient;
  readonly #exporters: Exporters;
  readonly #context: SourceContext;
  readonly #desk: Desk;
  readonly #closed = new AbortController();
  readonly #list: (signal: AbortSignal) => Promise<void>;
  #cancelAgain: (() => void) | undefined;
  /** Each is said once. */
  readonly #said = new Set<string>();

  constructor(options: ProxmoxOptions, context: SourceContext) {
    const { owner, clock, meter, log } = context;
    const client = new ProxmoxClient(options, owner, clock, meter);
    const picture = new Picture(owner);
    const rights = new Report();
    const numbers = new VmidMemory(context.memory);
    picture.account = options.token_id ?? options.username ?? '';
    picture.wakesDisks = options.wake_disks === true;
    this.#client = client;
    this.#exporters = new Exporters(options.node_exporter ?? [], context);
    this.#context = context;
    this.#desk = {
      client,
      picture,
      context,
      exporters: this.#exporters,
      strangers: new Strangers(log),
      again: (ms) => this.#again(ms),
      warn: (error) => this.#warn(error),
      touched: (vmid) => details.touch(vmid),
      listed: () => {
        numbers.saw(picture.guests.vmids, clock.now());
        details.listed(picture.guests.shown);
      },
      may: (path, privilege) => mayAt(picture.permissions ?? {}, path, privilege),
      publish: () => {
        if (this.#closed.signal.aborted) return;
        context.publish(picture.resources(client.url, this.#desk.may));
        rights.look(picture, context);
      },
    };
    const details = new Details(this.#desk, GUEST_READERS, new Allowance(meter, clock), this.#closed.signal);
    if (options.verify_tls === false) {
      log.warn(
        'the certificate is not verified: anyone on the way can read the credentials. Set fingerprint or ca',
      );
    }
    this.tasks = READERS.map((reader) => taskOf(reader, this.#desk));
    const list = this.tasks.find(({ vital }) => vital);
    this.#list = async (signal) => list?.run(signal);
    this.capabilities = {
      power: powerOf(this.#desk, this.#list),
      guest: guestControlOf(this.#desk, this.#list),
      snapshot: snapshotsOf(this.#desk, this.#list),
      node: nodeControlOf(this.#desk, this.#list),
      agent: agentOf(this.#desk),
      provision: provisionOf({
        ...{ desk: this.#desk, list: this.#list, copies: new Lines() },
        vmids: new Vmids(this.#desk, numbers, options.vmids),
        backupStorage: options.backup_storage,
      }),
    };
  }

  refresh(resourceId: string): void {
    const { signal } = this.#closed;
    const { clock } = this.#context;
    // Beside how it is also what it holds may be different.
    if (this.#desk.picture.guest(resourceId) !== undefined) this.#desk.touched(vmidIn(resourceId));
    for (const wait of LOOKS_MS)
      clock.after(wait, () => void look(this.#desk, resourceId, signal).catch(() => {}));
  }

  async close(): Promise<void> {
    this.#closed.abort(new LabError('shutting_down', 'Labkeeper is shutting down'));
    this.#cancelAgain?.();
    await Promise.all([this.#client.close(), this.#exporters.close()]);
  }

  #again(ms: number): void {
    this.#cancelAgain ??= this.#context.clock.after(ms, () => {
      this.#cancelAgain = undefined;
      // Should it fail, so will the next one in its turn, which is the one that counts.
      void this.#list(this.#closed.signal).catch(() => {});
    });
  }

  #warn({ code, message, hint }: LabError): void {
    const { log } = this.#context;
    const text = hint === undefined ? message : `${message}; ${hint}`;
    log[this.#said.has(text) ? 'debug' : 'warn'](text, { code });
    this.#said.add(text);
  }
}
