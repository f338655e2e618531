import type { ModalView } from '@slack/types';
import type { Incident } from '../incident/incident.ts';
import { titleLengthMax } from '../incident/text.ts';
import { type FormValues, field, modal, type Parsed, writing, written } from './form.ts';
import { idOf } from './wording.ts';

/** A better title. It starts with the present one, so that a slip is mended and not typed again. */
export function renameModal(incident: Incident): ModalView {
  return modal(
    'rename',
    { title: `Rename ${idOf(incident)}`, submit: 'Rename', metadata: { incident: incident.id } },
    field('title', 'What is broken?', writing({ initial: incident.title, lengthMax: titleLengthMax }), {
      hint: 'Card, announcement and direct messages follow, and the channel’s name where Slack allows it.',
    }),
  );
}

export function parseRename(values: FormValues): Parsed<{ title: string }> {
  const title = written(values, 'title');
  return title === '' ? { errors: { title: 'Write a few words: what is broken?' } } : { ok: { title } };
}
