import type { ModalView } from '@slack/types';
import { type ClosingItem, closingEvidence, closingItems } from '../incident/closing.ts';
import type { Incident } from '../incident/incident.ts';
import { clean } from '../incident/text.ts';
import { evidenceWords, itemList, itemWords } from './closing-words.ts';
import { type FormValues, field, isTicked, modal, type Parsed, ticks, writing, written } from './form.ts';
import type { Screen } from './message.ts';
import { lines } from './rich-text.ts';
import { idOf } from './wording.ts';

/** The closing checklist: what the data proves is ticked already, and each item says what the data knows of it. */
export function closeModal(incident: Incident, screen: Screen): ModalView {
  const choices = closingEvidence(incident).map(({ item, evidence }) => ({
    value: item,
    label: itemWords[item],
    description: evidenceWords(evidence, screen),
    ticked: evidence.holds,
  }));
  return modal(
    'close',
    { title: `Close ${idOf(incident)}`, submit: 'Close', metadata: { incident: incident.id } },
    lines('Ticked already is what the data shows. Tick the rest once it holds.'),
    field('items', 'Closing checklist', ticks(choices), { optional: true }),
    field('why', 'Not everything holds? Why close it anyway', writing({ lengthMax: 500 }), {
      optional: true,
    }),
    lines(`Follow-ups can be added and done afterwards too. Undo for 24 h: ${screen.command} undo`),
  );
}

export function parseClose(values: FormValues): Parsed<{ ticked: ClosingItem[]; why: string }> {
  const ticked = closingItems.filter((item) => isTicked(values, 'items', item));
  const missing = closingItems.filter((item) => !ticked.includes(item));
  const why = clean(written(values, 'why'));
  if (missing.length > 0 && why === '') {
    return { errors: { why: `Not ticked: ${itemList(missing)}. Tick it once it holds, or say why not.` } };
  }
  return { ok: { ticked, why } };
}
