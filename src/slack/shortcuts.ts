import type { GlobalShortcut, MessageShortcut } from '@slack/bolt';
import { decodeMetadata } from '../blocks/form.ts';
import type { Message } from '../blocks/message.ts';
import {
  type FromMessage,
  followupFromMessage,
  parseIncident,
  parseQuote,
  timelineFromMessage,
} from '../blocks/message-modals.ts';
import { permalink } from '../blocks/permalink.ts';
import { readable } from '../blocks/readable.ts';
import { authorOf } from '../blocks/sentences/said.ts';
import { person } from '../incident/by.ts';
import type { Incident, MessageSource } from '../incident/incident.ts';
import { involves, isOpen } from '../incident/incident.ts';
import { cleanLine } from '../incident/text.ts';
import type { BoltApp } from './bolt.ts';
import type { Submission, SubmissionHandler } from './click.ts';
import { openModal } from './declare.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { submitFollowup } from './followups.ts';
import { give } from './give.ts';
import { visible } from './list.ts';
import { incidentHere, incidentNumbered } from './lookup.ts';
import { kindOfActor, refusedTo, type ShortcutId, shortcutDeeds } from './permissions.ts';
import { ended, numberOf, type Reply, saying } from './reply.ts';
import { isOutside, sharedMenuWords } from './shared.ts';

/** What the menu of a message, and that of the composer, offer of ours; the manifest names them. */
export function hearShortcuts(app: BoltApp, deps: SlackDeps): void {
  app.shortcut<GlobalShortcut>('declare-incident', async ({ shortcut, ack }) => {
    const { user, trigger_id: trigger } = shortcut;
    const begun = { severity: null, title: '', isTest: false, channel: null };
    const refused = await refusedBy(deps, shortcut, 'declare-incident');
    const reply = refused ? saying(refused) : openModal(deps, user.id, begun);
    await Promise.all([ack(), give(deps, reply, { user: user.id, channel: null, trigger })]);
  });
  const heard =
    (id: ShortcutId, answer: (picked: Picked) => Promise<Reply>) =>
    async ({ shortcut, ack, respond }: Heard): Promise<void> => {
      const { user, channel, trigger_id: trigger } = shortcut;
      const refused =
        (await refusedBy(deps, shortcut, id)) ??
        (isOutside(deps, channel.id) ? sharedMenuWords(deps.config().command) : null);
      const reply = refused ? saying(refused) : await answer(await pickedOf(deps, shortcut));
      const back = (message: Message) =>
        respond({ response_type: 'ephemeral', replace_original: false, ...message });
      const reader = { user: user.id, channel: channel.id, trigger, respond: back };
      await Promise.all([ack(), give(deps, reply, reader)]);
    };
  app.shortcut<MessageShortcut>(
    'declare-from-message',
    heard('declare-from-message', async (picked) => declareFrom(deps, picked)),
  );
  app.shortcut<MessageShortcut>(
    'add-to-timeline',
    heard('add-to-timeline', async (picked) => choosing(deps, picked, timelineFromMessage)),
  );
  app.shortcut<MessageShortcut>(
    'make-followup',
    heard('make-followup', async (picked) => choosing(deps, picked, followupFromMessage)),
  );
}

const refusedBy = async (
  deps: SlackDeps,
  { user, team, enterprise }: Pick<GlobalShortcut | MessageShortcut, 'user' | 'team' | 'enterprise'>,
  id: ShortcutId,
): Promise<string | null> => {
  const actor = { user: user.id, team: user.team_id ?? team?.id, enterprise: enterprise?.id };
  return refusedTo(await kindOfActor(deps, actor), shortcutDeeds[id]);
};

interface Heard {
  shortcut: MessageShortcut;
  ack: () => Promise<void>;
  respond: (message: { response_type: 'ephemeral'; replace_original: boolean } & Message) => Promise<unknown>;
}

interface Picked extends FromMessage {
  user: string;
  /** When it was written, epoch ms. */
  writtenAt: number;
}

/** Slack's names for places that not everybody can read; a group conversation has one of its own. */
const privateNames = /^(?:privategroup|directmessage|mpdm-.*)$/;

async function pickedOf(deps: SlackDeps, shortcut: MessageShortcut): Promise<Picked> {
  const { channel, user, message } = shortcut;
  const { ts, thread_ts: threadTs } = message;
  const reply = typeof threadTs === 'string' && threadTs !== ts ? threadTs : null;
  const author = {
    user: message.user ?? null,
    app: message.user ? null : (text(message.username) ?? text(message.bot_id) ?? null),
  };
  const link = permalink(deps.identity().url, { channel: channel.id, ts }, reply) ?? '';
  const source: MessageSource = { channel: channel.id, ts, author, link };
  if (author.user) await deps.people.learn([author.user]);
  const screen = screenOf(deps);
  return {
    source,
    user: user.id,
    words: authorOf(author, screen),
    text: readable(message.text ?? '', screen),
    writtenAt: writtenAt(ts),
    isPrivate: privateNames.test(channel.name) || channel.id.startsWith('D'),
    channel: channel.id,
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Slack's timestamp of a message is the second when it was written, epoch ms. */
const writtenAt = (ts: string): number => Math.round(Number(ts) * 1000);

/** Longest title that is made of a message; the rest is in the summary. */
const titleLengthMax = 120;

function declareFrom(deps: SlackDeps, picked: Picked): Reply {
  const { source: fromMessage, isPrivate, writtenAt: startedAt, channel } = picked;
  const [first = ''] = picked.text.trim().split('\n');
  const title = cleanLine(first, titleLengthMax);
  const summary = title === picked.text.trim() ? '' : picked.text;
  const begun = { severity: null, title, isTest: false, channel, summary, startedAt, isPrivate, fromMessage };
  return openModal(deps, picked.user, begun);
}

type Choosing = typeof timelineFromMessage;

/** Which incident? The one of this channel, else one of theirs, comes chosen. */
function choosing(deps: SlackDeps, picked: Picked, form: Choosing): Reply {
  const incidents = visible(deps, picked.user, {});
  if (incidents.length === 0) {
    return saying(
      `There is no incident yet that you may see. Nothing changed. To declare one: ${deps.config().command} declare`,
    );
  }
  const here = incidentHere(deps, picked.channel, picked.user);
  const open = incidents.filter(isOpen);
  const own = open.find((one) => involves(one, picked.user));
  const first = here ?? own ?? (open.length === 1 ? open[0] : null) ?? null;
  const others = incidents.filter((one) => one.id !== first?.id);
  return { modal: form(first ? [first, ...others] : others, first, picked) };
}

/** The chosen incident and the message, or what is wrong with the choice. */
function chosenIn(
  deps: SlackDeps,
  { values, metadata, user }: Submission,
): { errors: Record<string, string> } | { incident: Incident; source: MessageSource | undefined } {
  const parsed = parseIncident(values);
  if ('errors' in parsed) return parsed;
  const incident = incidentNumbered(deps, parsed.ok, user);
  if (!incident) return { errors: { incident: 'That incident is not there any more. Choose another one.' } };
  return { incident, source: decodeMetadata(metadata).source };
}

export const submitTimelineFromMessage: SubmissionHandler = async (deps, submission) => {
  const about = chosenIn(deps, submission);
  if ('errors' in about) return about;
  const { incident, source } = about;
  if (!source) return saying('This form is too old. Nothing changed: pick the message again.');
  if (source.channel === incident.channel?.id && incident.channel.threadTs === undefined) {
    const words = 'What is written in its own channel is in its timeline already.';
    return { errors: { incident: words } };
  }
  const quote = parseQuote(submission.values);
  if ('errors' in quote) return quote;
  const by = person(submission.user);
  const happenedAt = Math.min(writtenAt(source.ts), deps.clock.now());
  const command = { type: 'add-note', by, text: quote.ok, happenedAt, source } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, submission.cause), (after) =>
    saying(`Added to the timeline of ${numberOf(after)}, at the time when it was written.`),
  );
};

export const submitFollowupFromMessage: SubmissionHandler = async (deps, submission) => {
  const about = chosenIn(deps, submission);
  return 'errors' in about ? about : submitFollowup(deps, { ...submission, incident: about.incident });
};
