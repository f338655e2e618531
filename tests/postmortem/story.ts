import { person } from '../../src/incident/by.ts';
import type { Fact } from '../../src/incident/facts.ts';
import type { PageOrder } from '../../src/incident/page-order.ts';
import { type Draft, draft } from '../../src/postmortem/draft.ts';
import { at, declared, type Life, names, tsOf } from '../support/incident.ts';

export const bea = person('bea');
export const cai = person('cai');
export const dana = person('dana');

/** Stands in for the sentences that screens use: the fact's type, and its words where it has some. */
export function sentence(fact: Fact): string {
  const who = 'by' in fact && fact.by.kind === 'person' ? names(fact.by.user) : 'Tocsin';
  const words = 'text' in fact ? fact.text : 'note' in fact ? fact.note : '';
  return `${who}: ${fact.type}${words ? `, ${words}` : ''}`;
}

/** The draft as somebody asks for it at `time`. */
export const draftAt = (life: Life, time: string): Draft =>
  draft({
    incident: life.incident,
    entries: life.entries,
    now: at(time),
    names,
    sentence,
    link: ({ channel, ts }) => `https://example.slack.com/archives/${channel}/p${ts.replace('.', '')}`,
  });

/** What stands under one heading of a document. */
export function section(markdown: string, title: string): string {
  const parts = markdown.split(/^## /m);
  const found = parts.find((part) => part.startsWith(`${title}\n`));
  if (found === undefined) throw new Error(`no section ${title}`);
  return found.slice(title.length).trim();
}

const order: PageOrder = {
  orderedAt: at('02:00'),
  action: 'page',
  target: { kind: 'named', name: 'oncall-primary' },
  reason: { why: 'declared' },
  step: 0,
  nextAt: at('02:05'),
};

/** A page that went out to `user`. */
export const paged = (user: string): Extract<Fact, { type: 'people-paged' }> => ({
  type: 'people-paged',
  order,
  people: [{ user, standing: 'primary for payments' }],
  skipped: [],
  missing: null,
  askedInstead: [],
});

/** Ninety minutes of a SEV1: late acknowledgement, late commander, one missed update, a rollback that was verified. */
export function ninetyMinutes(): Life {
  return declared({ startedAt: at('01:56') })
    .happens('02:00', paged('bea'))
    .happens('02:05', paged('cai'))
    .does('02:07', { type: 'acknowledge', by: cai, onCall: true, confirmed: false })
    .says('02:08', 'cai', 'errors began with release 512')
    .says('02:09', 'bea', 'agreed, see graph', { threadTs: tsOf('02:08') })
    .does('02:12', {
      type: 'post-update',
      by: cai,
      happening: 'Card payments fail',
      impact: 'EU card payments fail',
      doing: 'rolling back release 512',
      nextAt: null,
    })
    .does('02:22', {
      type: 'assign-role',
      by: dana,
      role: 'commander',
      user: 'dana',
      timeZone: null,
      onlyIfVacant: true,
    })
    .says('02:40', 'bea', 'rollback is through')
    .does('02:44', { type: 'change-status', by: dana, to: 'monitoring', note: '' })
    .does('03:00', {
      type: 'post-update',
      by: dana,
      happening: 'Recovered',
      impact: '',
      doing: 'watching',
      nextAt: null,
    })
    .does('03:14', {
      type: 'resolve',
      by: dana,
      how: 'rollback',
      verified: true,
      text: 'Release 512 rolled back',
    });
}
