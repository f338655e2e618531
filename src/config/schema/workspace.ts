import { z } from 'zod';
import { callAddress } from '../../incident/references.ts';
import { count, duration, field, flag, named, section, suggest, text, webAddress } from '../fields.ts';

const pagerdutyService = field({
  what: 'a PagerDuty service id',
  cure: 'copy it from the address of the service in PagerDuty, like PF9KMXH',
  read: (value) => (typeof value === 'string' && /^[A-Z0-9]{5,20}$/.test(value) ? value : undefined),
});

/** Whoever has it can open incidents on that service, and nothing else. Never shown. */
const routingKey = field({
  what: 'an integration key',
  cure: 'copy the Integration Key (32 characters) of an Events API v2 integration of that service in PagerDuty',
  isSecret: true,
  read: (value) => (typeof value === 'string' && /^[A-Za-z0-9]{32}$/.test(value) ? value : undefined),
});

const service = section({
  team: text(60).optional(),
  escalation: text(60).optional(),
  critical: flag.optional(),
  pagerduty: z.array(pagerdutyService).optional(),
  routingKey: routingKey.optional(),
  runbook: webAddress.optional(),
  dependents: z.array(text(60)).optional(),
});

export const servicesSection = named(z.preprocess((value) => value ?? {}, service));

const category = section({ name: text(40), private: flag.optional() });

export const categoriesSection = z
  .array(category)
  .min(1)
  .transform((written) => written.map(({ name, private: hidden }) => ({ name, private: hidden ?? false })));

const placeholders = ['date', 'id', 'title'] as const;
/** Slack: lower-case letters, digits, `-` and `_`, at most 80 characters. */
const channelLettersMax = 80;
/** Longest date, an id of six digits, and a title long enough to tell two channels apart. */
const sample = { date: '20261120', id: '123456', title: 'checkout-is-down' } as const;

/** A name that Slack accepts, whatever the incident; with `{id}`, as two incidents would share a channel otherwise. */
const template = field({
  what: 'a template for legal channel names',
  cure: (value) => templateCure(String(value)),
  read: (value) => (typeof value === 'string' && isTemplate(value) ? value : undefined),
});

function isTemplate(value: string): boolean {
  const unknown = unknownPlaceholders(value).length > 0;
  return !unknown && value.includes('{id}') && isChannelName(example(value));
}

function unknownPlaceholders(value: string): string[] {
  const used = [...value.matchAll(/\{([^{}]*)\}/g)].map((found) => found[1] ?? '');
  return used.filter((name) => !placeholders.some((known) => known === name));
}

function example(value: string): string {
  return placeholders.reduce((name, key) => name.replaceAll(`{${key}}`, sample[key]), value);
}

function isChannelName(name: string): boolean {
  return name.length <= channelLettersMax && /^[a-z0-9_-]+$/.test(name);
}

function templateCure(value: string): string {
  const unknown = unknownPlaceholders(value)[0];
  if (unknown !== undefined) {
    return `{${unknown}} is unknown: ${suggest(unknown, placeholders, 'use {date}, {id} and {title}')}`;
  }
  if (!value.includes('{id}')) return 'put {id} in it, two incidents would share a channel otherwise';
  return `use lower-case letters, digits, - and _, at most ${channelLettersMax} characters, like inc-{date}-{id}-{title}`;
}

export const channelSection = section({ template });

/** A `#` in front is dropped. */
export const announceChannelSection = field({
  what: 'a channel',
  cure: 'write its name without #, like incidents, or its id, like C024BE91L',
  read: (value) => {
    const name = typeof value === 'string' ? value.replace(/^#/, '') : '';
    return isChannelName(name) || /^[CG][A-Z0-9]{6,20}$/.test(name) ? name : undefined;
  },
});

/** `{id}` is the incident's number; without it every incident talks in the same room. */
export const callUrlSection = field({
  what: 'an https address',
  cure: 'write one like https://meet.example.com/inc-{id}; {id} becomes the number of the incident',
  read: (value) =>
    typeof value === 'string' && callAddress(value.replaceAll('{id}', '1')) !== null && !/[<>|]/.test(value)
      ? value
      : undefined,
});

/** What the declare form offers under "How was it noticed?". */
export const sourcesSection = z.array(text(60)).min(1).max(50);

export const postmortemSection = section({ canvas: flag });

export const declaringSection = section({ max: count(1, 1_000), window: duration }).transform((written) => ({
  max: written.max,
  windowMs: written.window,
}));

export const commandSection = field({
  what: 'a slash command',
  cure: 'write a slash, then at most 31 lower-case letters, digits, - or _, like /incident',
  read: (value) => (typeof value === 'string' && /^\/[a-z0-9_-]{1,31}$/.test(value) ? value : undefined),
});
