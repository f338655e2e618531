import { z } from 'zod';
import { addresses, named, section, text } from '../fields.ts';
import { onCallSection } from './oncall.ts';

export const targetsSection = named(addresses);

export const teamsSection = named(
  z.preprocess(
    (value) => value ?? {},
    section({ onCall: onCallSection.optional(), targets: targetsSection.optional() }),
  ),
);

export const phonesSection = z.array(section({ name: text(60), number: text(40) }));

const role = section({ title: text(60), instructions: text(2_000) });

export const rolesSection = section({ commander: role, comms: role, tech: role, ops: role, scribe: role });
