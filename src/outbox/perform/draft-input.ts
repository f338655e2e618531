import { permalink } from '../../blocks/permalink.ts';
import { sentence } from '../../blocks/sentence.ts';
import { namedIn } from '../../blocks/timeline.ts';
import type { Incident } from '../../incident/incident.ts';
import { readTimeline } from '../../incident/timeline.ts';
import type { DraftInput } from '../../postmortem/story.ts';
import type { Context } from '../context.ts';
import { screenOf } from '../context.ts';
import { peopleShown } from './shown.ts';

/** What the draft is made from now. Texts, not only links: free workspaces lose history. */
export async function inputNow(context: Context, incident: Incident): Promise<DraftInput> {
  const entries = context.store.timeline(incident.id);
  const followers = (incident.followups ?? []).flatMap(({ owner }) => (owner === null ? [] : [owner]));
  await context.people.learn([
    ...peopleShown(incident),
    ...followers,
    ...readTimeline(entries).flatMap(namedIn),
  ]);
  const screen = screenOf(context);
  return {
    incident,
    entries,
    now: context.clock.now(),
    names: screen.names,
    sentence: (fact) => sentence(fact, screen),
    link: (place, threadTs) => permalink(context.identity().url, place, threadTs),
  };
}
