import type { Action, ActionRequest, Ceiling, Door, Risk } from '../contract/action.ts';
import { LabError } from '../core/errors.ts';

/** What a door is there for. A button that disrupts is created disabled: enabling it is the consent. */
const DOORS: Record<Door, readonly Risk[]> = {
  mqtt: ['operate', 'disrupt'],
  homeassistant: ['observe', 'operate', 'disrupt', 'provision', 'destroy'],
  http: ['observe', 'operate', 'disrupt', 'provision', 'destroy'],
  mcp: ['observe', 'operate', 'disrupt', 'provision', 'destroy'],
  labkeeper: ['operate'],
};

/** The ceiling that a risk needs. */
const NEEDS: Record<Risk, Ceiling> = {
  observe: 'observe',
  operate: 'operate',
  disrupt: 'operate',
  provision: 'provision',
  destroy: 'destroy',
};

export const CEILINGS: readonly Ceiling[] = ['observe', 'operate', 'provision', 'destroy'];

/** Whether who may do this at most may do what has this risk. */
export const reaches = (ceiling: Ceiling, risk: Risk): boolean =>
  CEILINGS.indexOf(ceiling) >= CEILINGS.indexOf(NEEDS[risk]);

/** The lower of two ceilings. */
export const lower = (a: Ceiling, b: Ceiling): Ceiling => (CEILINGS.indexOf(a) < CEILINGS.indexOf(b) ? a : b);

/**
 * Whether a request may be carried out: the table "Risk and trust".
 *
 * @param name what has to be repeated before something is destroyed: of most the target's name
 * @param allow the option: caps the doors that anybody with a token may use
 * @throws LabError `door_closed`, `ceiling_exceeded`, `administrator_required`, `confirm_missing`
 */
export function admit(
  action: Pick<Action, 'title' | 'risk'>,
  request: Pick<ActionRequest, 'door' | 'administrator' | 'confirm' | 'ceiling' | 'tokenName' | 'isInstall'>,
  name: string,
  allow: Ceiling,
): void {
  const { title, risk } = action;
  const { door, administrator } = request;
  const isInstall = door === 'mqtt' && risk === 'provision' && request.isInstall === true;
  if (!DOORS[door].includes(risk) && !isInstall) {
    throw new LabError('door_closed', `“${title}” (${risk}) is not offered over ${door}`, {
      hint: 'use the action in Home Assistant, or the API',
    });
  }
  admitCeiling(action, request, allow);
  // undefined is an automation, which only an administrator can have set up.
  if (door === 'homeassistant' && administrator === false && !['observe', 'operate'].includes(risk)) {
    throw new LabError('administrator_required', `“${title}” (${risk}) is for administrators`, {
      hint: 'ask an administrator of Home Assistant to do it',
    });
  }
  admitConfirmed(action, request, name);
}

function admitCeiling(
  { title, risk }: Pick<Action, 'title' | 'risk'>,
  { door, ceiling, tokenName }: Pick<ActionRequest, 'door' | 'ceiling' | 'tokenName'>,
  allow: Ceiling,
): void {
  const capped = door === 'http' || door === 'mcp';
  const own = ceiling ?? (capped ? 'observe' : 'destroy');
  const needed = NEEDS[risk];
  if (!reaches(own, risk)) {
    const who = tokenName === undefined ? 'the caller' : `the token “${tokenName}”`;
    throw new LabError('ceiling_exceeded', `“${title}” (${risk}) is more than ${who} may do (${own})`, {
      hint: `it takes the ceiling “${needed}”`,
    });
  }
  if (capped && !reaches(allow, risk)) {
    throw new LabError('ceiling_exceeded', `“${title}” (${risk}) is not allowed over ${door} (${allow})`, {
      hint: `set the option “allow” to “${needed}” if this shall be possible over ${door}`,
    });
  }
}

function admitConfirmed(
  { title, risk }: Pick<Action, 'title' | 'risk'>,
  { door, confirm }: Pick<ActionRequest, 'door' | 'confirm'>,
  name: string,
): void {
  if (risk === 'destroy' && confirm !== name) {
    throw new LabError('confirm_missing', `“${title}” cannot be taken back and was not confirmed`, {
      hint: `repeat this in “confirm”: ${JSON.stringify(name)}`,
    });
  }
  const asks = door === 'http' || door === 'mcp';
  if (risk === 'disrupt' && asks && confirm !== true && confirm !== name) {
    throw new LabError('confirm_missing', `“${title}” interrupts what runs and was not confirmed`, {
      hint: 'send “confirm”: true',
    });
  }
}
