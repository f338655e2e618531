import type { ModalView } from '@slack/types';
import type { Incident } from '../incident/incident.ts';
import { editableIds, type SectionId, sectionIds, sectionTitles } from '../incident/postmortem-sections.ts';
import { ownerOf, postmortemOf } from '../incident/postmortem-state.ts';
import {
  chosen,
  chosenUser,
  type FormValues,
  field,
  isTicked,
  modal,
  type Parsed,
  radio,
  select,
  someone,
  ticks,
  writing,
  written,
} from './form.ts';
import { paragraph, type Screen } from './message.ts';
import { bold, date, lines } from './rich-text.ts';
import { joined, partsOf, type SectionPart } from './section-parts.ts';
import { byWords, duration, idOf } from './wording.ts';

/** Which section? Action items are in the list too: choosing them leads to the form for a follow-up. */
export function pickSectionModal(incident: Incident, screen: Screen): ModalView {
  const choices = sectionIds.map((id) => ({
    value: id,
    label: sectionTitles[id],
    description: stateOf(incident, id, screen),
  }));
  return modal(
    'postmortem-pick',
    {
      title: `Postmortem of ${idOf(incident)}`,
      submit: 'Next',
      metadata: { incident: incident.id },
    },
    lines('A section that you write is kept when the draft is made again.'),
    field('section', 'Which section?', select(choices, null, 'Choose a section')),
  );
}

function stateOf(incident: Incident, id: SectionId, screen: Screen): string {
  if (id === 'actions') return 'Adds a follow-up';
  const state = postmortemOf(incident).sections[id];
  return state?.edited ? `Written by ${byWords(state.by, screen)}` : 'From the timeline';
}

export function parsePick(values: FormValues): Parsed<{ section: SectionId }> {
  const section = sectionIds.find((id) => id === chosen(values, 'section'));
  return section ? { ok: { section } } : { errors: { section: 'Choose one.' } };
}

/** What the form of one section begins with. */
export interface SectionForm {
  section: SectionId;
  /** Markdown: the section as it stands, or what was typed before somebody else was faster. */
  text: string;
  /** Of the text that the person has before them. */
  version: number;
  /** Somebody else saved meanwhile: their text, and when (epoch ms). */
  meanwhile?: { text: string; by: string; at: number };
}

/** How much of somebody else's text is shown beside one's own. */
const meanwhileLengthMax = 2_800;

/** The section's text in as many fields as Slack's 3,000 characters need; null when it is longer than a form takes. */
export function sectionModal(incident: Incident, form: SectionForm, screen: Screen): ModalView | null {
  const parts = partsOf(form.text);
  if (parts === null) return null;
  const { section, version, meanwhile } = form;
  const isEdited = postmortemOf(incident).sections[section]?.edited === true;
  const inputs = parts.map((part, index) =>
    field(
      nameOfPart(index, version, part),
      parts.length === 1 ? 'Text' : `Text, part ${index + 1} of ${parts.length}`,
      writing({ lines: 'many', initial: part.text }),
      { optional: index > 0, ...(index === 0 && { hint: markdownHint }) },
    ),
  );
  return modal(
    'postmortem-section',
    {
      title: `Postmortem of ${idOf(incident)}`,
      submit: 'Save',
      metadata: { incident: incident.id, section, version },
    },
    lines(bold(sectionTitles[section])),
    ...(meanwhile ? meanwhileBlocks(meanwhile, screen) : []),
    ...inputs,
    field(`more-${version}`, 'More text', writing({ lines: 'many' }), {
      optional: true,
      hint: 'When a field is full: this is put behind it.',
    }),
    isEdited
      ? field(
          'restore',
          'Start over',
          ticks([{ value: 'restore', label: 'Restore the text drawn from the timeline' }]),
          { optional: true },
        )
      : null,
  );
}

const markdownHint =
  'Markdown: "- " begins a list, **bold**, [words](https://…). Lines that begin with "To answer" are questions for you.';

/** The version is in the name: a form that is shown anew must not keep what stood in the same place before. */
const nameOfPart = (index: number, version: number, part: SectionPart): string =>
  `text${index + 1}-${version}-${part.joint}`;

function meanwhileBlocks(meanwhile: NonNullable<SectionForm['meanwhile']>, screen: Screen) {
  return [
    lines([
      bold(`${meanwhile.by} changed this section `),
      date(meanwhile.at, screen),
      ', while you wrote. Nothing is saved yet: your text is below. Save again to put it in place of theirs:',
    ]),
    lines(paragraph(meanwhile.text, meanwhileLengthMax)),
  ];
}

/** What was typed, put together, and the names of its fields; or the wish for the drawn text. */
export function parseSection(
  values: FormValues,
): { restore: true } | { restore: false; text: string; firstField: string } {
  if (isTicked(values, 'restore', 'restore')) return { restore: true };
  const names = Object.keys(values);
  const parts = names
    .flatMap((name) => {
      const found = /^text(\d{1,2})-\d{1,6}-([plsn])$/.exec(name);
      return found ? [{ name, index: Number(found[1]), joint: found[2] as SectionPart['joint'] }] : [];
    })
    .sort((one, other) => one.index - other.index);
  const more = names.find((name) => name.startsWith('more-')) ?? 'more-0';
  const text = joined([
    ...parts.map(({ name, joint }) => ({ joint, text: typed(values, name) })),
    { joint: 'p', text: typed(values, more) },
  ]);
  return { restore: false, text, firstField: parts[0]?.name ?? more };
}

/** As it was typed: an indentation at its beginning means something in Markdown. */
function typed(values: FormValues, name: string): string {
  const state = values[name]?.[name];
  const value = typeof state === 'object' && state !== null && 'value' in state ? state.value : null;
  return typeof value === 'string' ? value : '';
}

/** Who writes it, and until when. `due` is written as in the command. */
export function postmortemOwnerModal(incident: Incident, screen: Screen): ModalView {
  const { dueAt } = postmortemOf(incident);
  return modal(
    'postmortem-owner',
    {
      title: `Postmortem of ${idOf(incident)}`,
      submit: 'Save',
      metadata: { incident: incident.id },
    },
    lines([dueAt === null ? 'No due time is set.' : 'Due ', dueAt !== null && date(dueAt, screen)]),
    field('owner', 'Who writes it?', someone(ownerOf(incident))),
    field('due', 'By when?', writing({ placeholder: 'friday, 9 Mar, in 3d, none', lengthMax: 60 }), {
      optional: true,
      hint: 'Empty: the due time stays as it is.',
    }),
  );
}

export function parseOwner(values: FormValues): Parsed<{ owner: string; due: string }> {
  const owner = chosenUser(values, 'owner');
  return owner === null
    ? { errors: { owner: 'Choose a person.' } }
    : { ok: { owner, due: written(values, 'due') } };
}

const hourMs = 3_600_000;

/** How long a reminder can wait. Longer is what **Stop** is for. */
const lengths = [1, 4, 24, 72] as const;

export const postmortemSnoozeModal = (incident: Incident): ModalView =>
  modal(
    'postmortem-snooze',
    {
      title: `Snooze in ${idOf(incident)}`,
      submit: 'Snooze',
      metadata: { incident: incident.id },
    },
    lines('The reminder of the postmortem waits. Its due time stays as it is.'),
    field(
      'length',
      'For how long?',
      radio(
        lengths.map((hours) => ({
          value: String(hours),
          label: hours < 24 ? duration(hours * hourMs) : hours === 24 ? '1 day' : `${hours / 24} days`,
        })),
        '24',
      ),
    ),
  );

/** `untilAt` epoch ms. */
export function parsePostmortemSnooze(values: FormValues, now: number): Parsed<{ untilAt: number }> {
  const hours = lengths.find((length) => String(length) === chosen(values, 'length'));
  return hours === undefined
    ? { errors: { length: 'Choose one.' } }
    : { ok: { untilAt: now + hours * hourMs } };
}

/** `cause, impact, …`: what can follow `postmortem edit`. */
export const sectionList = editableIds.join(', ');
