import type { ModalView } from '@slack/types';
import { expect, test } from 'vitest';
import { type ModalId, modalIds } from '../../src/blocks/actions.ts';
import { cancelModal, parseCancel } from '../../src/blocks/cancel-modal.ts';
import { closeModal, parseClose } from '../../src/blocks/close-modal.ts';
import { declareModal, parseDeclare } from '../../src/blocks/declare-modal.ts';
import { escalateModal, parseEscalate } from '../../src/blocks/escalate-modal.ts';
import {
  followupModal,
  followupSnoozeModal,
  parseFollowup,
  parseFollowupSnooze,
} from '../../src/blocks/followup-modal.ts';
import type { FormValues } from '../../src/blocks/form.ts';
import { handoffModal, parseHandoff } from '../../src/blocks/handoff-modal.ts';
import { mergeModal } from '../../src/blocks/merge-modal.ts';
import {
  followupFromMessage,
  parseIncident,
  parseQuote,
  timelineFromMessage,
} from '../../src/blocks/message-modals.ts';
import { noteModal, parseNote } from '../../src/blocks/note-modal.ts';
import { parsePause, pauseModal } from '../../src/blocks/pause.ts';
import {
  parseOwner,
  parsePick,
  parsePostmortemSnooze,
  pickSectionModal,
  postmortemOwnerModal,
  postmortemSnoozeModal,
  sectionModal,
} from '../../src/blocks/postmortem-modal.ts';
import { parseRename, renameModal } from '../../src/blocks/rename-modal.ts';
import { parseResolve, resolveModal } from '../../src/blocks/resolve-modal.ts';
import { parseRole, roleModal } from '../../src/blocks/role-modal.ts';
import { parseSeverityModal, severityModal } from '../../src/blocks/severity-modal.ts';
import { parseSnooze, snoozeModal } from '../../src/blocks/snooze-modal.ts';
import { parseStatus, statusModal } from '../../src/blocks/status-modal.ts';
import { parseUpdate, updateModal } from '../../src/blocks/update-modal.ts';
import { person } from '../../src/incident/by.ts';
import { at } from '../support/incident.ts';
import { piecesOf } from './limits.ts';
import { checkout, screenAt, taken } from './screen.ts';

/**
 * Every form there is. `parse` reads what comes back, `missing` is what a field says that must be filled in, and `wrong`
 * what it says to values that Slack's own client lets through. A form that is not here does not compile.
 */
interface Form {
  view: ModalView;
  parse: (values: FormValues) => unknown;
  missing?: Record<string, string>;
  wrong?: [field: string, value: string, errors: Record<string, string>][];
}

const now = at('02:10');
const zone = { timeZone: 'UTC', dayEndsAt: '17:00' };
const screen = screenAt('02:10');
const incident = taken().does('02:05', {
  type: 'assign-role',
  by: person('UBEA'),
  role: 'commander',
  user: 'UBEA',
  timeZone: null,
  onlyIfVacant: false,
}).incident;
const definition = { name: 'bad', meaning: 'it hurts' };
const definitions = { 1: definition, 2: definition, 3: definition, 4: definition };
const source = {
  channel: 'C1',
  ts: '1.1',
  author: { user: 'UANA', app: null },
  link: 'https://ok.example/x',
};
const message = { source, words: 'Ana', text: 'it burns', isPrivate: false, channel: 'C1' };
const seconds = (time: string): string => String(at(time) / 1000);
const few = 'Write a few words.';
const until: Pick<Form, 'missing' | 'wrong'> = {
  missing: { length: 'Choose one.' },
  wrong: [
    ['until', seconds('02:09'), { until: 'That time has passed. Choose a later one.' }],
    ['until', seconds('+20 02:00'), { until: 'Choose a time within 7 days.' }],
  ],
};
const due = (typed: string, problem: string): NonNullable<Form['wrong']>[number] => [
  'due',
  typed,
  { due: expect.stringContaining(problem) as string },
];

const forms: Record<ModalId, Form> = {
  declare: {
    view: declareModal({
      severities: definitions,
      categories: [{ name: 'security' }],
      services: ['payments', 'mail'],
      sources: ['monitoring'],
      takeCommandDefault: false,
      similar: incident,
      metadata: {},
    }),
    parse: (values) => parseDeclare(values, now),
    missing: { title: 'Write a few words: what is broken?', severity: 'Choose one, or "Not sure".' },
    wrong: [
      ['title', '  ', { title: 'Write a few words: what is broken?' }],
      ['started', seconds('02:20'), { started: 'That has not happened yet. Choose an earlier time.' }],
      ['errorRate', '101', { errorRate: 'Write a number from 0 to 100.' }],
      ['errorRate', 'many', { errorRate: 'Write a number from 0 to 100.' }],
      ['affectedUsers', '-1', { affectedUsers: 'Write a number from 0 to 100.' }],
      ['latencyP99Ms', '1e9', { latencyP99Ms: 'Write milliseconds, like 2500.' }],
      ['dependentServices', '10001', { dependentServices: 'Write a number of services.' }],
      ['impact', 'high', { urgency: 'Choose the urgency too, or leave the impact out.' }],
      ['urgency', 'low', { impact: 'Choose the impact too, or leave the urgency out.' }],
    ],
  },
  severity: {
    view: severityModal(incident, definitions, screen),
    parse: parseSeverityModal,
    missing: { severity: 'Choose one.' },
  },
  update: {
    view: updateModal(incident),
    parse: (values) => parseUpdate(values, now),
    missing: { happening: 'Write a few words: what is happening?' },
    wrong: [['happening', ' \n ', { happening: 'Write a few words: what is happening?' }]],
  },
  resolve: {
    view: resolveModal(incident),
    parse: parseResolve,
    missing: { how: 'Choose one; "Other" is fine.' },
  },
  role: { view: roleModal(incident, screen), parse: parseRole, missing: { role: 'Choose a role.' } },
  escalate: {
    view: escalateModal(checkout().incident, [{ name: 'cto' }], screen),
    parse: parseEscalate,
    wrong: [['target', 'nonsense', { user: 'Choose whom to page.' }]],
  },
  snooze: {
    view: snoozeModal(incident, 'update-due'),
    parse: (values) => parseSnooze(values, now),
    ...until,
  },
  pause: { view: pauseModal(incident, ''), parse: (values) => parsePause(values, now), ...until },
  status: { view: statusModal(incident), parse: parseStatus, missing: { status: 'Choose one.' } },
  note: {
    view: noteModal(incident),
    parse: (values) => parseNote(values, now),
    missing: { text: few },
    wrong: [['text', '   ', { text: few }]],
  },
  handoff: {
    view: handoffModal(incident, screen),
    parse: parseHandoff,
    missing: { role: 'Choose a role.', user: 'Choose a person.' },
  },
  cancel: { view: cancelModal(incident), parse: parseCancel },
  close: {
    view: closeModal(incident, screen),
    parse: parseClose,
    wrong: [['items', 'stable', { why: expect.stringContaining('Not ticked: ') as string }]],
  },
  'postmortem-pick': {
    view: pickSectionModal(incident, screen),
    parse: parsePick,
    missing: { section: 'Choose one.' },
  },
  // What is refused there is tested in flows/postmortem-edit: it takes the present text.
  'postmortem-section': {
    view:
      sectionModal(incident, { section: 'impact', text: 'x', version: 0 }, screen) ??
      mergeModal(incident, incident, screen),
    parse: () => ({ ok: {} }),
  },
  'postmortem-owner': {
    view: postmortemOwnerModal(incident, screen),
    parse: parseOwner,
    missing: { owner: 'Choose a person.' },
  },
  'postmortem-snooze': {
    view: postmortemSnoozeModal(incident),
    parse: (values) => parsePostmortemSnooze(values, now),
    missing: { length: 'Choose one.' },
  },
  merge: { view: mergeModal(incident, incident, screen), parse: () => ({ ok: {} }) },
  'timeline-from-message': {
    view: timelineFromMessage([incident], incident, message),
    parse: (values) => both(parseIncident(values), parseQuote(values)),
    missing: { incident: 'Choose one.', text: few },
    wrong: [['text', ' ', { text: few }]],
  },
  'followup-from-message': {
    view: followupFromMessage([incident], incident, message),
    parse: (values) => both(parseIncident(values), parseFollowup(values, now, zone)),
    missing: { incident: 'Choose one.', text: few },
    wrong: [due('whenever', 'I cannot read'), due('1 Mar 2026', 'is in the past')],
  },
  followup: {
    view: followupModal(incident),
    parse: (values) => parseFollowup(values, now, zone),
    missing: { text: few },
    wrong: [
      ['text', ' ', { text: few }],
      due('whenever', 'I cannot read'),
      due('2026-03-01', 'is in the past'),
      due('2031-03-01', 'is more than two years away'),
    ],
  },
  'followup-snooze': {
    view: followupSnoozeModal(incident, {
      n: 1,
      text: 'limit the retries',
      owner: 'UANA',
      dueAt: null,
      doneAt: null,
      by: person('UANA'),
    }),
    parse: (values) => parseFollowupSnooze(values, now),
    missing: { length: 'Choose one.' },
  },
  rename: {
    view: renameModal(incident),
    parse: parseRename,
    missing: { title: 'Write a few words: what is broken?' },
    wrong: [['title', ' ', { title: 'Write a few words: what is broken?' }]],
  },
};

/** As the handlers do: the first of them that is wrong. */
const both = (one: object, other: object): object => ('errors' in one ? one : other);

interface Input {
  type: string;
  block_id: string;
  optional?: boolean;
  element: { type: string; initial_option?: { value: string } };
}

const inputsOf = (view: ModalView): Input[] =>
  (view.blocks as unknown as Input[]).filter(({ type }) => type === 'input');

/** What stands in an input of that type when somebody put this into it, as Slack sends it. */
function state({ element }: Input, value: string | null): Record<string, unknown> {
  const option = value === null ? null : { value };
  switch (element.type) {
    case 'static_select':
    case 'radio_buttons':
      return { selected_option: option };
    case 'checkboxes':
    case 'multi_static_select':
      return { selected_options: option ? [option] : [] };
    case 'users_select':
      return { selected_user: value };
    case 'datetimepicker':
      return { selected_date_time: value === null ? null : Number(value) };
    default:
      return { value };
  }
}

/** What stands in it, or something that it takes; nothing where nothing has to be said. */
const sound = ({ optional, element }: Input): string | null => {
  if (element.initial_option) return element.initial_option.value;
  if (optional) return null;
  const first = piecesOf(element).find((piece) => 'value' in piece) as { value?: string } | undefined;
  return first?.value ?? (element.type === 'users_select' ? 'UCAI' : 'Some words');
};

/** A form that is filled in soundly but for these fields. */
const filled = (view: ModalView, but: Record<string, string | null> = {}): FormValues =>
  Object.fromEntries(
    inputsOf(view).map((input) => {
      const name = input.block_id;
      return [name, { [name]: state(input, name in but ? (but[name] ?? null) : sound(input)) }];
    }),
  );

const errorsOf = (parsed: unknown): Record<string, string> | null =>
  (parsed as { errors?: Record<string, string> }).errors ?? null;

test('every form is here', () => {
  expect(Object.keys(forms).sort()).toEqual([...modalIds].sort());
  for (const [id, { view }] of Object.entries(forms))
    expect([id, 'postmortem-section']).toContain(view.callback_id);
});

test.each(Object.entries(forms))(
  'the form %s is taken when every field that must be is filled in',
  (id, form) => {
    if (id === 'close') return;
    expect(errorsOf(form.parse(filled(form.view)))).toBeNull();
  },
);

test.each(Object.entries(forms))(
  'the form %s: each field that must be filled in says so, at itself, and so does a choice that was not offered',
  (id, { view, parse, missing = {} }) => {
    const required = inputsOf(view).filter(({ optional }) => !optional && id !== 'postmortem-section');
    const known = required.filter(({ block_id: name }) => !defaulted.has(`${id} ${name}`));
    expect(known.map(({ block_id }) => block_id).sort()).toEqual(Object.keys(missing).sort());
    for (const input of known) {
      const name = input.block_id;
      const words = { [name]: missing[name] };
      expect(errorsOf(parse(filled(view, { [name]: null }))), name).toEqual(words);
      if ('selected_option' in state(input, null))
        expect(errorsOf(parse(filled(view, { [name]: 'nonsense' }))), name).toEqual(words);
    }
  },
);

/** Choices with a first value that holds when nothing readable was chosen. */
const defaulted = new Set(['declare similar', 'update next', 'note when']);

const wrongs = Object.entries(forms).flatMap(([id, { wrong = [] }]) =>
  wrong.map(([field, value, errors]) => [id as ModalId, field, value, errors] as const),
);

test.each(wrongs)(
  'the form %s, %s: "%s" is refused at its field, with the cure',
  (id, field, value, errors) => {
    const { view, parse } = forms[id];
    const names = inputsOf(view).map(({ block_id }) => block_id);
    expect(names).toEqual(expect.arrayContaining([field, ...Object.keys(errors)]));
    expect(errorsOf(parse(filled(view, { [field]: value })))).toEqual(errors);
  },
);

test.each(Object.entries(forms))(
  'the form %s survives whatever comes back: nothing, or what no form of ours holds',
  (_id, { view, parse }) => {
    const names = inputsOf(view).map(({ block_id }) => block_id);
    const odd: unknown[] = [
      null,
      7,
      'x',
      [],
      {},
      { value: 7 },
      { selected_option: 'x' },
      { selected_options: 'x' },
      { selected_date_time: 'x' },
      { selected_user: {} },
    ];
    for (const one of odd) {
      const values = Object.fromEntries(names.map((name) => [name, { [name]: one }])) as FormValues;
      for (const all of [values, {}]) {
        const errors = errorsOf(parse(all)) ?? {};
        expect(names).toEqual(expect.arrayContaining(Object.keys(errors)));
      }
    }
  },
);
