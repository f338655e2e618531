import type { KnownBlock, ModalView } from '@slack/types';

import type { Impact } from '../incident/classify.ts';
import type { Severity } from '../incident/severity-scale.ts';
import { titleLengthMax } from '../incident/text.ts';
import {
  aNumber,
  aTime,
  chosen,
  chosenTime,
  type FormMetadata,
  type FormValues,
  field,
  isTicked,
  modal,
  type Parsed,
  radio,
  select,
  ticks,
  writing,
  written,
  writtenNumber,
} from './form.ts';
import { lines } from './rich-text.ts';
import { type Definitions, severityChoices, severityOf } from './severity-choices.ts';

export interface DeclareOffer {
  title?: string;
  severity?: Severity;
  severities: Definitions;
  categories: readonly { name: string }[];
  /** Names of services. */
  services: readonly string[];
  /** "I take command" is on for people on call only. */
  takeCommandDefault: boolean;
  isTest?: boolean;
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
    field(
      'title',
      'What is broken?',
      writing({ initial: offer.title, placeholder: 'Checkout is down', lengthMax: titleLengthMax }),
    ),
    field('severity', 'How bad is it for users?', radio(choices, severity)),
    field('summary', 'What is known so far', writing({ lines: 'many' }), { optional: true }),
    pick('service', 'Service', offer.services),
    pick(
      'category',
      'Category',
      offer.categories.map((category) => category.name),
    ),
    field('options', 'How', ticks(optionsOf(offer)), { optional: true }),
    field('started', 'Started at', aTime(), { optional: true, hint: 'Empty: now.' }),
    lines('Numbers, where you have them: they decide the severity if you are not sure.'),
    ...impactFields,
  );
}

const optionsOf = (offer: DeclareOffer) => [
  {
    value: 'command',
    label: 'I take command',
    description: 'You decide; it stops the paging',
    ticked: offer.takeCommandDefault,
  },
  { value: 'private', label: 'Private', description: 'Only people who are invited see it' },
  {
    value: 'test',
    label: 'Test',
    description: 'Everything works, nobody is paged',
    ticked: offer.isTest ?? false,
  },
];

/** A drop-down, or nothing where nothing is configured: Slack refuses an empty one. */
const pick = (name: string, label: string, names: readonly string[]): KnownBlock | null => {
  const choices = names
    .filter((one) => one !== '' && one.length <= 75)
    .map((one) => ({ value: one, label: one }));
  return choices.length === 0 ? null : field(name, label, select(choices), { optional: true });
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
    label: 'Other services that suffer',
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
  impact: Impact;
  takeCommand: boolean;
  isPrivate: boolean;
  isTest: boolean;
  startedAt: number | null;
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
  if (Object.keys(errors).length > 0) return { errors };
  return {
    ok: {
      title,
      severity,
      summary: written(values, 'summary'),
      category: chosen(values, 'category'),
      service: chosen(values, 'service'),
      impact,
      takeCommand: isTicked(values, 'options', 'command'),
      isPrivate: isTicked(values, 'options', 'private'),
      isTest: isTicked(values, 'options', 'test'),
      startedAt: startedAt === null || startedAt <= now ? startedAt : now,
    },
  };
}
