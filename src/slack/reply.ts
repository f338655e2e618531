import type { KnownBlock, View } from '@slack/types';
import type { Message } from '../blocks/message.ts';
import { refusal as refusalWords } from '../blocks/refusal.ts';
import type { Command } from '../incident/commands.ts';
import type { Incident } from '../incident/incident.ts';
import type { Refusal } from '../incident/refusal.ts';
import type { Committed } from '../store/store.ts';
import { type SlackDeps, screenOf } from './deps.ts';

/**
 * What the person who acted gets back, seen by nobody else. Null: what happened shows in the channel.
 * `replace_original`: in place of the message whose button was pressed, which only they see. `refused`: why nothing
 * changed, in plain words; a form that it answers stays open with them and keeps what was typed.
 */
export type Reply = (Message & { replace_original?: true; refused?: string }) | { modal: View } | null;

/** One plain sentence. */
export function saying(text: string): Message {
  const block: KnownBlock = {
    type: 'section',
    text: { type: 'plain_text', text: text.slice(0, 3000), emoji: true },
  };
  return { text: escaped(text), blocks: [block] };
}

/** One plain sentence, about something that was not done. */
export const refusing = (text: string): Message & { refused: string } => ({ ...saying(text), refused: text });

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').slice(0, 3000);

/**
 * Words for how a command ended: `success` when it was done (or had been done by an earlier delivery of the same
 * request), else why not and what to do.
 */
export function ended(deps: SlackDeps, outcome: Committed, success: (incident: Incident) => Reply): Reply {
  if (outcome.outcome === 'missing') return refusing('That incident is gone. Nothing changed.');
  if (outcome.outcome === 'refused') return refusing(refusalWords(outcome.refusal, screenOf(deps)));
  return outcome.incident ? success(outcome.incident) : null;
}

/** One command of a person, and one plain sentence for when it was done. */
export const handle = async (
  deps: SlackDeps,
  incident: Incident,
  command: Command,
  cause: string,
  success: (after: Incident) => string,
): Promise<Reply> =>
  ended(deps, await deps.engine.handle(incident.id, command, cause), (after) => saying(success(after)));

/** Why a command would change nothing, in words. */
export const refusedWith = (deps: SlackDeps, refused: Refusal): Reply =>
  refusing(refusalWords(refused, screenOf(deps)));

/** `INC-12`. */
export const numberOf = (incident: Incident): string => `INC-${incident.id}`;
