import { actorOf } from '../../../src/incident/decide.ts';
import { misfolded } from '../../support/folded.ts';
import { maySee, privateWord, type Stage } from './stage.ts';
import { people } from './steps.ts';
import { misrecorded } from './words.ts';

/** Everything that must hold of the whole of it. */
export function atTheEnd(stage: Stage): string[] {
  const { world, plain, given, said } = stage;
  const entries = [...plain.keys()].flatMap((id) => world.store.timeline(id));
  const wrong = misfolded(world.store);
  for (const { type, text, by } of given) {
    const found = entries.filter(({ fact }) => fact.type === type && 'text' in fact && fact.text === text);
    if (found.length !== 1) wrong.push(`${type} “${text}” is in the timelines ${found.length} times`);
    if (found.some(({ fact }) => actorOf(fact) !== world.slack.userId(by)))
      wrong.push(`“${text}” is not ${by}'s`);
  }
  for (const one of said) wrong.push(...misrecorded(world, one));
  return [...wrong, ...leaks(stage)];
}

/** The title of an incident that was private from the first on, where somebody reads who is not in it. */
function leaks(stage: Stage): string[] {
  const { world, plain } = stage;
  const secrets = [...plain].filter(([, { title }]) => title.startsWith(privateWord));
  const rooms = world.slack.channels().filter((name) => !world.slack.channel(name).isPrivate);
  const outside = (title: string, id: number) => [
    ...rooms.filter((name) => JSON.stringify(world.slack.channel(name).messages).includes(title)),
    ...people.filter((who) => !maySee(stage, id, who) && world.slack.as(who).dm().includes(title)),
  ];
  return secrets.flatMap(([id, { title }]) =>
    outside(title, id).map((where) => `“${title}” is read in ${where}`),
  );
}
