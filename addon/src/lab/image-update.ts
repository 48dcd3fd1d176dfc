import Type, { type Static } from 'typebox';
import { type ActionContext, defineAction } from '../contract/action.ts';
import type { Capabilities } from '../contract/capabilities.ts';
import type { StepNote } from '../contract/step.ts';
import type { TakeSnapshot, UpdatePlan } from '../contract/update.ts';
import { LabError } from '../core/errors.ts';
import type { LabResource } from '../kinds/index.ts';

const INPUT = Type.Object(
  {
    go_back: Type.Optional(
      Type.Boolean({
        title: 'Go back',
        description:
          'After a failure, start the old container again even if the new one may have written to volumes and folders ' +
          'that nothing protects. Left out: then it is kept stopped, until somebody decides. Where the last update ' +
          'failed that way: have the old container, or a stack’s old images, run again now.',
        de: {
          title: 'Zurückgehen',
          description:
            'Nach einem Fehlschlag den alten Container wieder starten, auch wenn der neue in Volumes und Ordner geschrieben ' +
            'haben kann, die nichts schützt. Ohne Angabe: Dann bleibt er gestoppt, bis jemand entscheidet. Wo das letzte ' +
            'Update so fehlschlug: den alten Container, oder die alten Images eines Stacks, jetzt wieder laufen ' +
            'lassen.',
        },
      }),
    ),
    protection: Type.Optional(
      Type.Enum(['none', 'copy', 'vm_snapshot'], {
        title: 'Protection',
        description:
          'What keeps the data. copy: volumes and folders are copied on the engine’s machine while the container is ' +
          'stopped, and put back after a failure. vm_snapshot: a snapshot of the guest that the engine runs on, which is ' +
          'never rolled back by itself. Left out: the engine’s option update_protection.',
        de: {
          title: 'Schutz',
          description:
            'Was die Daten bewahrt. copy: Volumes und Ordner werden auf der Maschine der Engine kopiert, während der Container ' +
            'steht, und nach einem Fehlschlag zurückgelegt. vm_snapshot: ein Snapshot des Gasts, auf dem die Engine läuft; er ' +
            'wird nie von selbst zurückgesetzt. Ohne Angabe: die Option update_protection der Engine.',
        },
      }),
    ),
  },
  { additionalProperties: false },
);

type Context = ActionContext<Static<typeof INPUT>>;

export const imageUpdate = defineAction({
  id: 'image_update',
  title: 'Update image',
  description:
    'Pulls what the tag of a container’s image points at and makes the container anew from it, as it was otherwise. ' +
    'The old container is kept until the new one is well. A stack is changed from its own file, by Portainer or ' +
    'Compose, where that can be had. Going back to the old image takes back data only where a copy of it was asked for.',
  de: {
    title: 'Image aktualisieren',
    description:
      'Holt das Image, auf das der Tag eines Containers zeigt, und legt den Container damit neu an, sonst wie ' +
      'zuvor. Der alte bleibt, bis der neue gesund ist. Ein Stack wird aus seiner eigenen Datei geändert, von ' +
      'Portainer oder Compose, wo sie zu haben ist. Zurück zum alten Image nimmt Daten nur dann mit zurück, wenn ' +
      'eine Kopie verlangt war.',
  },
  risk: 'provision',
  kinds: ['container', 'stack'],
  input: INPUT,
  warnings: (context) => {
    const { warnings, protection } = planned(context);
    if (protection !== 'vm_snapshot') return warnings;
    return [
      ...warnings,
      `the snapshot is one of all of ${guestOf(context).name}, and stays until you delete it`,
    ];
  },
  plan: (context) => [
    {
      name: 'Update',
      parts: planned(context).steps,
      run: (now) => {
        // What a job answers with is said once, as a whole.
        let told = {};
        const note = ({ result, ...news }: StepNote): void => {
          told = { ...told, ...result };
          now.note({ ...news, ...(result !== undefined && { result: told }) });
        };
        const takeSnapshot = snapshotOf({ ...now, note });
        return updateOf(now).run(now.target.id, now.input, now.signal, note, takeSnapshot);
      },
      happened: async (now) => updateOf(now).became(now.target.id),
    },
  ],
});

/** @throws LabError also where there is no guest to take a snapshot of */
function planned(context: Context): UpdatePlan {
  const plan = updateOf(context).plan(context.target.id, context.input);
  if (plan.protection === 'vm_snapshot') guestOf(context);
  return plan;
}

/** Takes a snapshot of the guest that a container's or stack's engine runs on. */
function snapshotOf(context: Context): TakeSnapshot {
  return async (signal) => {
    const guest = guestOf(context);
    const { capabilities, target, by, note } = context;
    const about = `before the update of ${target.name} · Labkeeper${by === undefined ? '' : ` (${by})`}`;
    const text = about.replaceAll(/\s+/g, ' ').replaceAll(/\p{C}/gu, '').trim();
    const name = await capabilities.for(guest.id, 'snapshot')?.take(guest.id, text, signal, note);
    if (name === undefined) throw noSnapshots(guest);
    note({ result: { snapshot: name, guest: guest.name } });
    return `${name} of ${guest.name}`;
  };
}

/** @throws LabError where none is known, or its system takes no snapshots */
function guestOf({ target, resource, capabilities }: Context): LabResource {
  const seen = new Set<string>();
  for (let one = resource(target.parent ?? ''); one !== undefined; one = resource(one.parent ?? '')) {
    if (seen.has(one.id)) break;
    seen.add(one.id);
    if (one.kind !== 'guest') continue;
    if (capabilities.for(one.id, 'snapshot') === undefined) throw noSnapshots(one);
    return one;
  }
  throw new LabError('target_unsuitable', `no guest is known that the engine of ${target.name} runs on`, {
    hint: 'name it with the option “guest” of the engine, or choose another protection',
  });
}

const noSnapshots = ({ name }: LabResource): LabError =>
  new LabError('target_unsuitable', `the system of ${name} takes no snapshots`, {
    hint: 'choose another protection',
  });

function updateOf({ capabilities, target }: Context): Capabilities['update'] {
  const update = capabilities.for(target.id, 'update');
  if (update !== undefined) return update;
  throw new LabError(
    'target_unsuitable',
    `${target.name} cannot be updated: its system offers no such thing`,
  );
}
