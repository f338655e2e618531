import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { addresses, clockTime, field, named, section, text, timeZone } from '../fields.ts';

const date = field({
  what: 'a date',
  cure: 'write it like 2026-01-05',
  read: (value) => (typeof value === 'string' && isDate(value) ? value : undefined),
});

function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  try {
    return Temporal.PlainDate.from(value).toString() === value;
  } catch {
    return false;
  }
}

export const targetsSection = named(addresses);

const rotation = section({
  startsOn: date,
  handoverAt: clockTime.optional(),
  timeZone: timeZone.optional(),
  primary: addresses,
  secondary: addresses.optional(),
});

export const teamsSection = named(
  z.preprocess(
    (value) => value ?? {},
    section({ onCall: rotation.optional(), targets: targetsSection.optional() }),
  ),
);

export const phonesSection = z.array(section({ name: text(60), number: text(40) }));

const role = section({ title: text(60), instructions: text(2_000) });

export const rolesSection = section({ commander: role, comms: role, tech: role, ops: role, scribe: role });
