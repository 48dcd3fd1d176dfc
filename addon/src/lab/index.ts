import type { Action } from '../contract/action.ts';
import { acknowledgeAlerts } from './alerts.ts';
import { announce } from './announce/announce.ts';
import { instrumentQuery, setOutput, setOutputLevel } from './bench-control.ts';
import { cancelJob } from './cancel-job.ts';
import { containerKill, containerPause, containerResume } from './container-power.ts';
import { pruneSnapshots, resizeGuest, snapshot } from './guest-changes.ts';
import { backupNow } from './guest-copies.ts';
import { cloneGuest, createLxc, createVm, deleteGuest } from './guest-making.ts';
import { guestForceStop, guestHibernate, guestReset, guestResume, guestSuspend } from './guest-power.ts';
import { deleteSnapshot, migrateGuest, rollback } from './guest-provision.ts';
import { restoreBackup, restoreOver } from './guest-restore.ts';
import { attachGpu, createZfsPool, detachGpu } from './hardware-provision.ts';
import { imageUpdate } from './image-update.ts';
import { makeRoom } from './make-room.ts';
import { networkRestart, poeCycle, setPoe, setWlan } from './network-control.ts';
import { nodeMaintenance } from './node-maintenance.ts';
import { nodeReboot, nodeShutdown, nodeStartAll, nodeStopAll, nodeWake } from './node-power.ts';
import { setPort, setPortProfile, setPortVlan } from './port-control.ts';
import { restart, setPower } from './power.ts';
import { bringBack } from './publication.ts';
import { deployRecipe } from './recipe/deploy-recipe.ts';
import { identifyLight, serverForceOff, serverOn, serverShutdown } from './server-power.ts';
import { chooseVoice, cloneVoice, loadModel, unloadModel } from './speaking.ts';
import { deployStack, prune, recreateContainer, removeStack, updateStack } from './stack-provision.ts';
import { createNetwork, deleteNetwork } from './vlan-networks.ts';
import { applyPowerProfile } from './whole/power-profile.ts';
import { setPowerMany } from './whole/set-power-many.ts';
import { shutdownLab } from './whole/shutdown-lab.ts';
import { startLab } from './whole/start-lab.ts';

/** All but those that are made of others. */
const BASIC: readonly Action[] = [
  ...[setPower, restart, bringBack, cancelJob],
  ...[containerPause, containerResume, containerKill, imageUpdate],
  ...[deployStack, updateStack, removeStack, recreateContainer, prune],
  ...[createVm, createLxc, cloneGuest, deleteGuest],
  ...[shutdownLab, startLab, applyPowerProfile, setPowerMany],
  ...[guestSuspend, guestHibernate, guestResume, guestForceStop, guestReset, snapshot, backupNow],
  ...[deleteSnapshot, rollback, migrateGuest, pruneSnapshots, resizeGuest, restoreBackup, restoreOver],
  ...[createZfsPool, attachGpu, detachGpu, makeRoom],
  ...[serverOn, serverShutdown, serverForceOff, identifyLight],
  ...[networkRestart, poeCycle, setPoe, setPort, setPortProfile, setPortVlan, setWlan],
  ...[createNetwork, deleteNetwork],
  ...[setOutput, setOutputLevel, instrumentQuery, acknowledgeAlerts],
  ...[announce, chooseVoice, cloneVoice, unloadModel, loadModel],
  ...[nodeStartAll, nodeWake, nodeStopAll, nodeReboot, nodeShutdown, nodeMaintenance],
] as unknown as readonly Action[];

/** Every action that Labkeeper offers. */
export const ACTIONS: readonly Action[] = [...BASIC, deployRecipe(BASIC) as unknown as Action];
