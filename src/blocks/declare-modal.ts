import type { KnownBlock, ModalView } from '@slack/types';

import type { Impact } from '../incident/classify.ts';
import type { Incident } from '../incident/incident.ts';
import type { Severity } from '../incident/severity-scale.ts';
import { titleLengthMax } from '../incident/text.ts';
import { type Estimate, estimateFields, parseEstimate } from './estimate.ts';
import {
  aNumber,
  aTime,
  chosen,
  chosenMany,
  chosenTime,
  type FormMetadata,
  type FormValues,
  field,
  isTicked,
  modal,
  type Parsed,
  radio,
  select,
  selectMany,
  ticks,
  writing,
  written,
  writtenNumber,
} from './form.ts';
import { sameQuestion } from './merge-modal.ts';
import { lines, link } from './rich-text.ts';
import { type Definitions, severityChoices, severityOf } from './severity-choices.ts';
import { idOf } from './wording.ts';

export interface DeclareOffer {
  title?: string;
  severity?: Severity;
  severities: Definitions;
  categories: readonly { name: string }[];
  /** Names of services. */
  services: readonly string[];
  /** How incidents are noticed. */
  sources: readonly string[];
  /** "I take command" is on for people on call only. */
  takeCommandDefault: boolean;
  isTest?: boolean;
  isPrivate?: boolean;
  summary?: string;
  /** Epoch ms. */
  startedAt?: number;
  /** An open incident that this may be the same as. */
  similar?: Incident | null;
  /** The message it is declared from, and its author in words. */
  from?: { words: string; link: string };
  metadata: FormMetadata;
}

const notSure = 'not-sure';

/** Declares an incident. Only title and severity are asked for; "not sure" is an answer. */
export function declareModal(offer: DeclareOffer): ModalView {
  const choices = [
    ...severityChoices(offer.severities),
    { value: notSure, label: 'Not sure', description: 'Starts provisionally and is asked again' },
  ];
  const severity = offer.severity === undefined ? null : String(offer.severity);
  return modal(
    'declare',
    { title: 'Declare an incident', submit: 'Declare', metadata: offer.metadata },
    offer.similar ? sameOrNot(offer.similar) : null,
    ...whence(offer),
    field(
      'title',
      'What is broken?',
      writing({ initial: offer.title, placeholder: 'Checkout is down', lengthMax: titleLengthMax }),
    ),
    field('severity', 'How bad is it for users?', radio(choices, severity)),
    field('summary', 'What is known so far', writing({ lines: 'many', initial: offer.summary }), {
      optional: true,
    }),
    pick('service', 'Service', offer.services),
    offer.services.length > 1
      ? pick('also', 'Which other services suffer?', offer.services, selectMany)
      : null,
    pick(
      'category',
      'Category',
      offer.categories.map((category) => category.name),
    ),
    pick('noticed', 'How was it noticed?', offer.sources),
    field('options', 'How', ticks(optionsOf(offer)), { optional: true }),
    field('started', 'Started at', aTime(offer.startedAt), { optional: true, hint: 'Empty: now.' }),
    lines('Numbers, where you have them: they decide the severity if you are not sure.'),
    ...impactFields,
    lines('No numbers? An estimate helps too.'),
    ...estimateFields,
  );
}

/** Asked first: the same problem needs no second incident. */
const sameOrNot = (similar: Incident): KnownBlock =>
  field(
    'similar',
    sameQuestion(similar),
    radio(
      [
        { value: `apart-${similar.id}`, label: 'Different problem', description: 'Declares a new incident' },
        {
          value: `same-${similar.id}`,
          label: `Merge into ${idOf(similar)}`,
          description: 'Adds what you write there; nothing is declared',
        },
      ],
      `apart-${similar.id}`,
    ),
  );

/** The answer to `sameOrNot`; null where it was not asked. */
function similarIn(values: FormValues): { id: number; same: boolean } | null {
  const [, what, id] = /^(same|apart)-(\d{1,9})$/.exec(chosen(values, 'similar') ?? '') ?? [];
  return id === undefined ? null : { id: Number(id), same: what === 'same' };
}

/** Where it comes from, when it is declared from a message. */
function whence({ from, isPrivate }: DeclareOffer): (KnownBlock | null)[] {
  if (!from) return [];
  return [
    lines(['From a ', link('message', from.link), ` by ${from.words}.`]),
    isPrivate
      ? lines(
          'That message is from a private conversation, so Private is ticked: only people who are invited will see the incident. Untick it if everybody may know.',
        )
      : null,
  ];
}

const optionsOf = (offer: DeclareOffer) => [
  {
    value: 'command',
    label: 'I take command',
    description: 'You decide; it stops the paging',
    ticked: offer.takeCommandDefault,
  },
  {
    value: 'private',
    label: 'Private',
    description: 'Only people who are invited see it',
    ticked: offer.isPrivate ?? false,
  },
  {
    value: 'test',
    label: 'Test',
    description: 'Everything works, nobody is paged',
    ticked: offer.isTest ?? false,
  },
];

/** A drop-down, or nothing where nothing is configured: Slack refuses an empty one. */
const pick = (
  name: string,
  label: string,
  names: readonly string[],
  element: typeof selectMany = select,
): KnownBlock | null => {
  const choices = names
    .filter((one) => one !== '' && one.length <= 75)
    .map((one) => ({ value: one, label: one }));
  return choices.length === 0 ? null : field(name, label, element(choices), { optional: true });
};

const percent = { min: 0, max: 100, error: 'Write a number from 0 to 100.' };
const numbers = {
  errorRate: { ...percent, label: 'Failing requests, %' },
  affectedUsers: { ...percent, label: 'Affected users, %' },
  latencyP99Ms: {
    min: 0,
    max: 3_600_000,
    error: 'Write milliseconds, like 2500.',
    label: 'Slowest 1% takes, ms',
  },
  dependentServices: {
    min: 0,
    max: 10_000,
    error: 'Write a number of services.',
    label: 'How many other services suffer',
  },
} as const;
type NumberField = keyof typeof numbers;
const numberFields = Object.keys(numbers) as NumberField[];

const flags = {
  dataLoss: 'Data is lost',
  securityEvent: 'Security is involved',
  revenueImpacting: 'Revenue is lost',
} as const;
type FlagField = keyof typeof flags;
const flagFields = Object.keys(flags) as FlagField[];

const impactFields: KnownBlock[] = [
  ...numberFields.map((name) => field(name, numbers[name].label, aNumber('unknown'), { optional: true })),
  field('flags', 'Also true', ticks(flagFields.map((name) => ({ value: name, label: flags[name] }))), {
    optional: true,
  }),
];

/** What was filled in. `severity` null: not sure. Times epoch ms; an unknown number is left out of `impact`. */
export interface DeclareForm {
  title: string;
  severity: Severity | null;
  summary: string;
  category: string | null;
  service: string | null;
  /** Other services that suffer. */
  alsoServices: string[];
  noticedBy: string | null;
  impact: Impact;
  estimate: Estimate | null;
  takeCommand: boolean;
  isPrivate: boolean;
  isTest: boolean;
  startedAt: number | null;
  /** An open incident was named, and this is the same problem or not. */
  similar: { id: number; same: boolean } | null;
}

/** A person's phone and our clock may differ by this much before "started at" counts as a mistake. */
const clockSkewMs = 120_000;

export function parseDeclare(values: FormValues, now: number): Parsed<DeclareForm> {
  const errors: Record<string, string> = {};
  const title = written(values, 'title');
  if (title === '') errors.title = 'Write a few words: what is broken?';
  const startedAt = chosenTime(values, 'started');
  if (startedAt !== null && startedAt > now + clockSkewMs)
    errors.started = 'That has not happened yet. Choose an earlier time.';
  const choice = chosen(values, 'severity');
  const severity = severityOf(choice);
  if (severity === null && choice !== notSure) errors.severity = 'Choose one, or "Not sure".';
  const impact: Impact = {};
  for (const name of numberFields) {
    const number = writtenNumber(values, name, numbers[name].min, numbers[name].max);
    if (Number.isNaN(number)) errors[name] = numbers[name].error;
    else if (number !== undefined) impact[name] = number;
  }
  for (const name of flagFields) if (isTicked(values, 'flags', name)) impact[name] = true;
  const estimate = parseEstimate(values, errors);
  const service = chosen(values, 'service');
  if (Object.keys(errors).length > 0) return { errors };
  return {
    ok: {
      title,
      severity,
      summary: written(values, 'summary'),
      category: chosen(values, 'category'),
      service,
      alsoServices: chosenMany(values, 'also').filter((one) => one !== service),
      noticedBy: chosen(values, 'noticed'),
      impact,
      estimate,
      takeCommand: isTicked(values, 'options', 'command'),
      isPrivate: isTicked(values, 'options', 'private'),
      isTest: isTicked(values, 'options', 'test'),
      startedAt: startedAt === null || startedAt <= now ? startedAt : now,
      similar: similarIn(values),
    },
  };
}
