import type { LabView } from '../lab/thing.ts';
import { HassLab } from './from-hass.ts';
import type { Hass, RegistryEntry, ToldLab } from './types.ts';

type Listener = (view: LabView) => void;

/** Milliseconds between two looks at what no state tells. */
const EVERY = 60_000;

/** One look at the lab for all cards of a page. */
export class LabStore {
  readonly #lab = new HassLab();
  readonly #listeners = new Set<Listener>();
  #hass: Hass | undefined;
  #frame: number | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #reading: Promise<void> | undefined;
  #again = false;
  ready = false;

  /** As it is now. */
  get hass(): Hass | undefined {
    return this.#hass;
  }

  /** Each Labkeeper that the integration knows, by its entry. */
  get apps(): readonly string[] {
    return this.#lab.apps;
  }

  get view(): LabView {
    return this.#lab.view;
  }

  /** Has `listener` called with each new view, and now if there is one. @returns ends that */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1 && this.#hass !== undefined) this.#start();
    if (this.ready) listener(this.view);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#stop();
    };
  }

  /** To be called with each `hass`; what changed is told with the next frame that the browser draws, if any. */
  update(hass: Hass): void {
    const before = this.#hass;
    this.#hass = hass;
    if (before === undefined && this.#listeners.size > 0) this.#start();
    else if (before?.entities !== hass.entities || before.devices !== hass.devices) this.#read();
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#show();
    });
  }

  #show(): void {
    if (this.#hass === undefined || !this.ready) return;
    const before = this.view;
    const view = this.#lab.update(this.#hass);
    if (view !== before) for (const listener of this.#listeners) listener(view);
  }

  #start(): void {
    this.#read();
    // Edges and findings change without anything changing in the registry.
    this.#timer = setInterval(() => {
      if (document.visibilityState === 'visible') this.#read();
    }, EVERY);
  }

  #stop(): void {
    clearInterval(this.#timer);
  }

  /** Reads the registry, once more afterwards if something changed meanwhile. */
  #read(): void {
    if (this.#reading !== undefined) {
      this.#again = true;
      return;
    }
    this.#reading = this.#readNow().finally(() => {
      this.#reading = undefined;
      if (this.#again && this.#listeners.size > 0) {
        this.#again = false;
        this.#read();
      }
    });
  }

  async #readNow(): Promise<void> {
    const hass = this.#hass;
    if (hass === undefined) return;
    const ids = HassLab.wanted(hass);
    const [entries, told] = await Promise.all([
      hass
        .callWS<Readonly<Record<string, RegistryEntry | null>>>({
          ...{ type: 'config/entity_registry/get_entries', entity_ids: ids },
        })
        .catch(() => ({})),
      hass.callWS<ToldLab>({ type: 'labkeeper/lab' }).catch(() => undefined),
    ]);
    this.#lab.know(Object.values(entries).filter((entry): entry is RegistryEntry => entry !== null));
    this.#lab.tell(told);
    this.ready = true;
    this.#show();
    if (this.view.things.size === 0) for (const listener of this.#listeners) listener(this.view);
  }
}

const stores = new WeakMap<object, LabStore>();

/** The store of a connection: all cards of one Home Assistant have the same. */
export function storeOf(hass: Hass): LabStore {
  let store = stores.get(hass.connection);
  if (store === undefined) {
    store = new LabStore();
    stores.set(hass.connection, store);
  }
  return store;
}
