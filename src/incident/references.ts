import type { By } from './by.ts';
import type { Incident } from './incident.ts';
import { isOpen } from './incident.ts';
import { whenEnded } from './refusal.ts';
import type { Topic } from './topic.ts';

/** Where people talk, and what they read while they work: links that stand at the top of the channel. */
export type ReferenceCommand =
  | { type: 'set-call'; by: By; url: string }
  /** Somebody looked up the runbook of this service: it is worth a bookmark. */
  | { type: 'add-runbook'; by: By; service: string; url: string };

export type ReferenceFact =
  | { type: 'call-set'; by: By; url: string; before: string | null }
  | { type: 'runbook-added'; by: By; service: string; url: string };

/** Longest address we keep: Slack takes 3,000 in a link, and nobody types more. */
const urlLengthMax = 2_000;

/**
 * The address of a call, as it can be followed: https, without user or password in it. Null for anything else. Slack
 * writes an address in a command as `<https://…>` or `<https://…|words>`.
 */
export function callAddress(typed: string): string | null {
  const url = typed.trim().replace(/^<([^|>]*)(?:\|[^>]*)?>$/, '$1');
  if (url.length > urlLengthMax || /[\s<>|\u0000-\u001f]/.test(url) || !URL.canParse(url)) return null;
  const { protocol, username, password, hostname } = new URL(url);
  const isPlain = username === '' && password === '' && hostname.includes('.');
  return protocol === 'https:' && isPlain ? url : null;
}

/** The call of a new incident, by the configured template: `{id}` is its number. */
export const callByTemplate = (template: string, id: number): string =>
  template.replaceAll('{id}', String(id));

/** The title of the bookmark that leads to the call: by it the older one is found. */
export const callTitle = 'Call';

const isKnown = (incident: Incident, url: string): boolean =>
  incident.runbook === url || (incident.runbooks ?? []).some((known) => known.url === url);

export const references: Topic<ReferenceCommand, ReferenceFact> = {
  decide: {
    'set-call': (incident, { by, url }) => {
      if (!isOpen(incident)) return whenEnded(incident);
      const before = incident.callUrl ?? null;
      return url === before ? { refused: 'same-call' } : [{ type: 'call-set', by, url, before }];
    },
    'add-runbook': (incident, command) =>
      isKnown(incident, command.url) ? [] : [{ ...command, type: 'runbook-added' }],
  },
  evolve: {
    'call-set': (incident, fact) => ({ ...incident, callUrl: fact.url }),
    'runbook-added': (incident, { service, url }) =>
      incident.runbook === null && incident.service === service
        ? { ...incident, runbook: url }
        : { ...incident, runbooks: [...(incident.runbooks ?? []), { service, url }] },
  },
  effects: {
    'call-set': (fact) => [
      { kind: 'card' },
      { kind: 'bookmark', title: callTitle, url: fact.url },
      { kind: 'say', about: fact },
    ],
    'runbook-added': (fact, after) => [
      {
        kind: 'bookmark',
        title: after.runbook === fact.url ? 'Runbook' : `Runbook: ${fact.service}`,
        url: fact.url,
      },
    ],
  },
};
