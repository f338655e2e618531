import { announced } from './announced.ts';
import type { By } from './by.ts';
import { listed } from './channel.ts';
import type { Effect } from './effects.ts';
import type { Incident } from './incident.ts';
import { cleanLine } from './text.ts';
import type { Topic } from './topic.ts';

export type TitleCommand = { type: 'rename'; by: By; title: string };

export type TitleFact = { type: 'renamed'; by: By; title: string; before: string };

/** A better title, in any state: a postmortem too is found by it. It changes wherever the title stands. */
export const title: Topic<TitleCommand, TitleFact> = {
  decide: {
    rename: (incident, command) => {
      const wanted = cleanLine(command.title);
      if (wanted === '') return { refused: 'empty', what: 'the title' };
      if (wanted === incident.title) return { refused: 'same-title' };
      return [{ type: 'renamed', by: command.by, title: wanted, before: incident.title }];
    },
  },
  evolve: { renamed: (incident, fact) => ({ ...incident, title: fact.title }) },
  effects: { renamed: effects },
};

function effects(fact: TitleFact, after: Incident): Effect[] {
  const hasOwn = after.channel !== null && after.channel.threadTs === undefined;
  const own: Effect[] = hasOwn ? [{ kind: 'rename-channel', before: fact.before }, { kind: 'purpose' }] : [];
  const pages = Object.keys(after.pages).map((user): Effect => ({ kind: 'page-card', user }));
  return [
    { kind: 'card' },
    ...own,
    ...pages,
    ...announced(after),
    { kind: 'say', about: fact },
    ...listed(after),
    ...(after.places.storm ? [{ kind: 'storm-message', head: after.id } as const] : []),
  ];
}
