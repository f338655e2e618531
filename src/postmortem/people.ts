import { userOf } from '../incident/by.ts';
import type { Fact } from '../incident/facts.ts';
import { activePeople } from './figures.ts';
import { table } from './markdown.ts';
import { nameIn, type Story } from './story.ts';
import { clockTime, count } from './wording.ts';

/** How many people the table lists, and how many of their parts each row names. */
const peopleListedMax = 200;
const partsNamedMax = 8;

const roleNames = {
  commander: 'commander',
  comms: 'comms lead',
  tech: 'tech lead',
  ops: 'ops support',
  scribe: 'scribe',
} as const;

/** Who was there and in which part, in the order in which they came in. Markdown. */
export function peopleTable(story: Story): string {
  const parts = new Map<string, string[]>();
  for (const { fact, at } of story.reading.rows) {
    for (const [user, part] of partsOf(fact, clockTime(at)))
      parts.set(user, [...(parts.get(user) ?? []), part]);
  }
  const active = activePeople(story.reading);
  const everybody = [...new Set([...parts.keys(), ...active.keys()])];
  const rows = everybody.slice(0, peopleListedMax).map((user) => {
    const own = parts.get(user) ?? [];
    const more = own.length > partsNamedMax ? [`${own.length - partsNamedMax} more`] : [];
    const part = [...own.slice(0, partsNamedMax), ...more].join(', ') || 'helped';
    return [nameIn(story, user), part, count(active.get(user) ?? 0, 'message')];
  });
  const left = everybody.length - rows.length;
  const more = left > 0 ? `\n\nAnd ${count(left, 'person', 'people')} more.` : '';
  return everybody.length === 0 ? 'No person took part.' : table(['Person', 'Part', 'Wrote'], rows) + more;
}

function partsOf(fact: Fact, time: string): [user: string, part: string][] {
  if (fact.type === 'role-assigned') {
    const taken: [string, string] = [fact.user, `${roleNames[fact.role]} from ${time}`];
    return fact.before === null ? [taken] : [[fact.before, `${roleNames[fact.role]} until ${time}`], taken];
  }
  if (fact.type === 'role-dropped') return [[fact.user, `${roleNames[fact.role]} until ${time}`]];
  if (fact.type === 'people-paged') {
    const verb = fact.order.action === 'page' ? 'paged' : 'notified';
    const told = [...fact.people.map((one) => one.user), ...fact.askedInstead];
    return told.map((user) => [user, `${verb} ${time}`]);
  }
  const words = { declared: 'declared it', acknowledged: 'acknowledged', resolved: 'resolved it' } as const;
  if (fact.type !== 'declared' && fact.type !== 'acknowledged' && fact.type !== 'resolved') return [];
  const user = userOf(fact.by);
  return user ? [[user, `${words[fact.type]} ${time}`]] : [];
}
