import type { ModalView } from '@slack/types';
import type { Incident } from '../incident/incident.ts';
import { updateLengthMax } from '../incident/updates.ts';
import { chosen, type FormValues, field, modal, type Parsed, select, writing, written } from './form.ts';
import { duration, idOf } from './wording.ts';

/** What can be promised, in minutes. */
const promises = [15, 30, 60, 120, 240, 480] as const;
const asUsual = 'usual';

/** A status update in its fixed form: what is happening, impact, what we are doing, next update at. */
export function updateModal(incident: Incident): ModalView {
  const everyMs = incident.policy.severities[incident.severity].updateEveryMs;
  const usual = everyMs === null ? 'No next update promised' : `In ${duration(everyMs)}, as usual`;
  const choices = [
    { value: asUsual, label: usual },
    ...promises.map((minutes) => ({ value: String(minutes), label: `In ${duration(minutes * 60_000)}` })),
  ];
  const long = { lines: 'many', lengthMax: updateLengthMax } as const;
  return modal(
    'update',
    {
      title: `Update ${idOf(incident)}`,
      submit: 'Post update',
      metadata: { incident: incident.id },
    },
    field('happening', 'What is happening?', writing(long), {
      hint: 'Plain words: people outside the team read it.',
    }),
    field('impact', 'Impact on users', writing({ ...long, initial: incident.impactText }), {
      optional: true,
    }),
    field('doing', 'What we are doing', writing(long), { optional: true }),
    field('next', 'Next update', select(choices, asUsual)),
  );
}

/** `nextAt` epoch ms, null: the severity's own cadence. */
export interface UpdateForm {
  happening: string;
  impact: string;
  doing: string;
  nextAt: number | null;
}

export function parseUpdate(values: FormValues, now: number): Parsed<UpdateForm> {
  const happening = written(values, 'happening');
  if (happening === '') return { errors: { happening: 'Write a few words: what is happening?' } };
  const minutes = promises.find((promise) => String(promise) === chosen(values, 'next'));
  return {
    ok: {
      happening,
      impact: written(values, 'impact'),
      doing: written(values, 'doing'),
      nextAt: minutes === undefined ? null : now + minutes * 60_000,
    },
  };
}
