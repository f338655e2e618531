import { readTimeline } from '../../../src/incident/timeline.ts';
import type { World } from '../../../src/sandbox/start.ts';
import type { Said, Stage } from './stage.ts';
import type { Step } from './steps.ts';

/** Somebody writes in the channel of an incident, or takes back what they wrote. */
export async function speak(
  stage: Stage,
  { does, who }: Extract<Step, { does: 'write' | 'edit' | 'delete' }>,
  id: number,
): Promise<void> {
  const { world, said } = stage;
  const channel = world.store.incident(id)?.channel;
  const room = channel && world.slack.channel(channel.name);
  if (!room || room.isArchived) return;
  if (!room.members.includes(who)) {
    if (room.isPrivate) return;
    await world.slack.as(who).join(room.name);
  }
  const own = said.findLast(
    (one) => one.incident === id && one.in === room.name && one.by === who && !one.isGone,
  );
  // Ends with a full stop, so that no text is the beginning of another one.
  const text = `words ${stage.count}.`;
  if (does === 'write') {
    await world.slack.as(who).say(text, { in: room.name });
    said.push({ first: text, text, in: room.name, by: who, incident: id, isGone: false });
  } else if (own && does === 'edit') {
    await world.slack.as(who).edit(exactly(own.text), text, { in: room.name });
    own.text = text;
  } else if (own) {
    await world.slack.as(who).delete(exactly(own.text), { in: room.name });
    own.isGone = true;
  }
}

const exactly = (text: string): RegExp => new RegExp(text.replace('.', '\\.'));

/** What is wrong with how that was written down, in words. */
export function misrecorded(world: World, { first, text, incident, isGone }: Said): string[] {
  const entries = world.store.timeline(incident);
  const posted = entries.filter(({ fact }) => fact.type === 'message-posted' && fact.text === first);
  const items = readTimeline(entries).filter((item) => item.kind === 'message' && item.text === text);
  const wanted = isGone ? 0 : 1;
  return [
    ...(posted.length === 1 ? [] : [`“${first}” is recorded ${posted.length} times`]),
    ...(items.length === wanted ? [] : [`“${text}” reads ${items.length} times, and should ${wanted} times`]),
  ];
}
