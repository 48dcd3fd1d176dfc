import type { Protection } from '../../../contract/update.ts';
import type { Clock } from '../../../core/clock.ts';
import type { Log } from '../../../core/log.ts';
import type { Way } from '../connection.ts';
import type { Picture } from '../picture.ts';
import type { PortainerStacks } from '../portainer-stacks.ts';
import type { StackControl } from '../stack-control.ts';
import type { EngineUpdates } from '../stacks/both.ts';
import type { Hands, RegistryLogin } from '../update/hands.ts';
import type { Outsiders } from '../update/outside.ts';
import type { Place } from './place.ts';
import type { Stock } from './stock.ts';

/** What tasks of one engine work with. */
export interface Bench {
  /** `docker/nas`: the beginning of its resources' ids. */
  readonly owner: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly hands: Hands;
  readonly outsiders: Outsiders;
  readonly stock: Stock;
  readonly picture: Pick<Picture, 'inspects' | 'containerId' | 'membersOf'>;
  readonly updates: EngineUpdates;
  readonly control: StackControl;
  /** Of updates, by the options. */
  readonly protection: Protection;
  /** Of helpers. */
  readonly helperImage: string;
  readonly portainer: PortainerStacks | undefined;
  readonly run: Way['run'];
  /** undefined: no helper container is wanted. */
  readonly byHelper: Place | undefined;
  readonly bySsh: Place | undefined;
  /** Where stacks have their folders on the engine's machine. */
  readonly stacksFolder: string;
  /** Who logs in at a registry; undefined: nobody. */
  readonly loginOf: (registry: string) => RegistryLogin | undefined;
}
