import { holdersOf } from '../incident/carried-followups.ts';
import type { Incident } from '../incident/incident.ts';
import { causeOf, commandOf, meaningOf, type Reaction } from '../slack-reaction.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import type { Events } from './events.ts';
import { sightOf } from './guest.ts';
import { kindOfActor, quietDeeds, refusedTo } from './permissions.ts';

interface ReactionEvent {
  type: string;
  user: string;
  reaction: string;
  item: { type: string; channel?: string; ts?: string };
  event_ts: string;
}

/**
 * :pushpin: makes a message a key event, :star: a quote for the postmortem, :ticket: a follow-up; taking it back
 * reverses it, for the person who does. Only content has a meaning: not what we post, and nothing outside incidents.
 */
export function hearReactions(app: Events, deps: SlackDeps): void {
  for (const type of ['reaction_added', 'reaction_removed'] as const) {
    app.event(type, async ({ event, body }) => {
      const heard = event as ReactionEvent;
      const reaction = reactionOf(heard);
      if (reaction === null || reaction.user === deps.identity().botUser) return;
      const incident = incidentOf(deps, reaction);
      if (incident === null) return;
      if (refusedTo(await kindOfActor(deps, { user: reaction.user }), quietDeeds.reaction)) return;
      if (body.is_ext_shared_channel && (await isOutsider(deps, reaction.user))) return;
      const command = await commandOf({ ...deps, screen: screenOf(deps) }, incident, reaction);
      if (command === null) return;
      // What was to be done went along with a merge.
      const holder =
        command.type === 'remove-followup' ? holdersOf(incident, deps.store.incident).at(-1) : null;
      await deps.engine.handle((holder ?? incident).id, command, causeOf(reaction, heard.event_ts));
    });
  }
}

/** Any other emoji, and a reaction to a file, mean nothing. */
function reactionOf({ type, user, reaction, item }: ReactionEvent): Reaction | null {
  const what = meaningOf(reaction);
  const { channel, ts } = item;
  if (what === null || item.type !== 'message' || !channel || !ts) return null;
  return { on: type === 'reaction_added', what, user, place: { channel, ts } };
}

/** Of the incident that has recorded this very message, wherever it runs: then it is content. */
function incidentOf(deps: SlackDeps, { place, user }: Reaction): Incident | null {
  const { store } = deps;
  const id = store.causedBy(`msg:${place.channel}:${place.ts}`);
  const incident = id === null ? null : store.incident(id);
  return incident && sightOf(deps, user, place.channel)(incident) ? incident : null;
}

/**
 * Of another organisation: does nothing, and is not told so, because an emoji asks nothing. The event names no workspace,
 * so Slack is asked; while it cannot say, the event is not answered, and comes again.
 */
async function isOutsider(deps: SlackDeps, user: string): Promise<boolean> {
  const found = await deps.people.find(user);
  return found === null || found.isStranger === true;
}
