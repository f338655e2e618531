import type { KnownBlock, ModalView } from '@slack/types';
import { followupLengthMax } from '../incident/followups.ts';
import type { Incident, MessageSource } from '../incident/incident.ts';
import { label } from '../incident/severity-scale.ts';
import type { ModalId } from './actions.ts';
import { followupFields } from './followup-modal.ts';
import { chosen, type FormValues, field, modal, type Parsed, select, writing, written } from './form.ts';
import { cut } from './message.ts';
import { lines, link } from './rich-text.ts';
import { idOf, statusWord, titleOf } from './wording.ts';

/** What a modal that begins with a message is told of it. */
export interface FromMessage {
  source: MessageSource;
  /** Its author, and its text as a person reads it. */
  words: string;
  text: string;
  /** Of a private channel or a direct message. */
  isPrivate: boolean;
  /** Where it is, for the answer. */
  channel: string;
}

/** Slack's, for what can be typed into one field. */
const textLengthMax = 3_000;

const whence = ({ source, words, isPrivate }: FromMessage, consequence: string) =>
  lines(
    ['From a ', link('message', source.link), ` by ${words}.`],
    isPrivate && `That message is from a private conversation: ${consequence}`,
  );

const pickOne = (incidents: readonly Incident[], first: Incident | null): KnownBlock =>
  field(
    'incident',
    'Which incident?',
    select(
      incidents.map((one) => ({
        value: String(one.id),
        label: cut(
          `${idOf(one)} ${label(one.severity)} ${titleOf(one, 40)}, ${statusWord(one.status).toLowerCase()}`,
          75,
        ),
      })),
      first && String(first.id),
    ),
  );

const framed = (
  id: ModalId,
  title: string,
  submit: string,
  from: FromMessage,
  blocks: readonly (KnownBlock | null)[],
): ModalView =>
  modal(id, { title, submit, metadata: { channel: from.channel, source: from.source } }, ...blocks);

/** The message becomes an entry of the chosen incident's timeline, at the time when it was written. */
export const timelineFromMessage = (
  incidents: readonly Incident[],
  first: Incident | null,
  from: FromMessage,
): ModalView =>
  framed('timeline-from-message', 'Add to timeline', 'Add', from, [
    whence(from, 'whoever may see the incident will read what you add.'),
    pickOne(incidents, first),
    field(
      'text',
      'What it says',
      writing({ lines: 'many', initial: cut(from.text, textLengthMax), lengthMax: textLengthMax }),
      { hint: 'It stands in the timeline at the time when the message was written.' },
    ),
  ]);

/** The message becomes a follow-up of the chosen incident. */
export const followupFromMessage = (
  incidents: readonly Incident[],
  first: Incident | null,
  from: FromMessage,
): ModalView =>
  framed('followup-from-message', 'Make follow-up', 'Add', from, [
    whence(from, 'whoever may see the incident will read the follow-up.'),
    pickOne(incidents, first),
    ...followupFields(cut(from.text.replace(/\s+/g, ' '), followupLengthMax)),
  ]);

/** The number of the chosen incident; the caller looks whether the person may see it. */
export function parseIncident(values: FormValues): Parsed<number> {
  const id = Number(chosen(values, 'incident'));
  return Number.isSafeInteger(id) && id > 0 ? { ok: id } : { errors: { incident: 'Choose one.' } };
}

export function parseQuote(values: FormValues): Parsed<string> {
  const text = written(values, 'text');
  return text === '' ? { errors: { text: 'Write a few words.' } } : { ok: text };
}
