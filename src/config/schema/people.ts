import { z } from 'zod';
import { addresses, field, named, section, text } from '../fields.ts';
import { onCallSection } from './oncall.ts';

export const targetsSection = named(addresses);

export const teamsSection = named(
  z.preprocess(
    (value) => value ?? {},
    section({
      onCall: onCallSection.optional(),
      targets: targetsSection.optional(),
      escalation: text(60).optional(),
    }),
  ),
);

/** What is sent there is signed, but neither secret nor private: https only, but for this machine itself. */
const webhookAddress = field({
  what: 'an https address',
  cure: 'write one like https://noc.example.com/tocsin, without a name or password in it; plain http only to 127.0.0.1',
  read: (value) => {
    const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
    if (url === null || `${url.username}${url.password}` !== '') return undefined;
    const isHere = url.protocol === 'http:' && ['127.0.0.1', '[::1]'].includes(url.hostname);
    return url.protocol === 'https:' || isHere ? url.href : undefined;
  },
});

export const webhooksSection = named(section({ url: webhookAddress }));

export const phonesSection = z.array(section({ name: text(60), number: text(40) }));

const role = section({ title: text(60), instructions: text(2_000) });

export const rolesSection = section({ commander: role, comms: role, tech: role, ops: role, scribe: role });
