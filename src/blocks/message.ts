import type {
  ActionsBlock,
  ActionsBlockElement,
  Button,
  ConfirmationDialog,
  KnownBlock,
  Overflow,
  PlainTextElement,
  SectionBlock,
  SectionBlockAccessory,
} from '@slack/types';
import type { Role } from '../incident/incident.ts';
import { clean, cleanLine, shorten } from '../incident/text.ts';
import { type ActionId, encodeChoice, encodeTarget, type Target } from './actions.ts';

/** What is posted. `text` is what a push notification shows and a screen reader reads; it is mrkdwn, already escaped. */
export interface Message {
  text: string;
  blocks: KnownBlock[];
}

/** What rendering needs beside the incident: the moment (epoch ms), people's names, the command's name, roles' titles. */
export interface Screen {
  now: number;
  /** A Slack user's name to show where nobody shall be notified. */
  names: (user: string) => string;
  /** With the slash: `/incident`. */
  command: string;
  roleTitles?: Partial<Record<Role, string>>;
  /** Our own user id: what people call us is the workspace's choice. */
  bot?: string;
  /** Whose phone a target (`oncall-secondary`) of that service rings now, by name; '' for nobody, null where only the target is known. */
  who?: (target: string, service: string | null) => string | null;
}

/** Slack's limits, in UTF-16 units (platform.md 2.4); where sources differ, the stricter. `text` is ours: Slack takes 4,000. */
export const limits = {
  text: 2_900,
  blocks: 50,
  viewBlocks: 100,
  sectionText: 3_000,
  actionsElements: 25,
  buttonText: 75,
  optionText: 75,
  optionValue: 75,
  options: 100,
  overflowOptions: 5,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  viewTitle: 24,
} as const;

/** At most `lengthMax` UTF-16 units, however many of them a character takes; an ellipsis where something was cut. */
export function cut(text: string, lengthMax: number): string {
  const shortened = shorten(text, lengthMax);
  return shortened.length <= lengthMax ? shortened : shorten(text, lengthMax >> 1);
}

/** Foreign text on one line, at most `lengthMax` units, `otherwise` when nothing is left of it. */
export const oneLine = (text: string, lengthMax: number, otherwise = '…'): string =>
  cut(cleanLine(text), lengthMax) || otherwise;

/** Foreign text that keeps its lines, at most `lengthMax` units, `otherwise` when nothing is left of it. */
export const paragraph = (text: string, lengthMax: number, otherwise = '…'): string =>
  cut(clean(text), lengthMax) || otherwise;

/** Makes foreign text literal in mrkdwn and in a message's `text`: mentions, links and entities lose their meaning. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A message of the blocks that are there, within Slack's limits. `text` must be escaped already. */
export function message(text: string, ...blocks: (KnownBlock | null)[]): Message {
  const present = blocks.filter((block) => block !== null);
  return { text: withinText(text.trim()) || 'Tocsin', blocks: present.slice(0, limits.blocks) };
}

/**
 * Cuts between tokens: half an entity or half a mention would show as rubbish. The number of the incident that ends it
 * stays: whatever the lengths, the text says which one it is.
 */
export function withinText(text: string): string {
  if (text.length <= limits.text) return text;
  const [number = ''] = / INC-\d+$/.exec(text) ?? [];
  const words = cut(text.slice(0, text.length - number.length), limits.text - 1 - number.length);
  return `${words.replace(/(?:&[a-z]{0,4}|<[^>]*)?…?$/, '')}…${number}`;
}

export const plain = (text: string, lengthMax: number = limits.sectionText): PlainTextElement => ({
  type: 'plain_text',
  text: paragraph(text, lengthMax),
});

/** Words (plain, so that foreign ones may stand in them) with a button beside them. */
export const section = (text: PlainTextElement, accessory: SectionBlockAccessory): SectionBlock => ({
  type: 'section',
  text,
  accessory,
});

/** A row of buttons; null when there is none. */
export function actions(...elements: (ActionsBlockElement | null | false)[]): ActionsBlock | null {
  const present = elements.filter((element) => element !== null && element !== false);
  return present.length === 0
    ? null
    : { type: 'actions', elements: present.slice(0, limits.actionsElements) };
}

export interface ButtonLook {
  /** What a screen reader says, where several buttons of a message show the same word: `Done: follow-up 2`. */
  spoken?: string;
  style?: 'primary' | 'danger';
  confirm?: ConfirmationDialog;
}

export const button = (
  label: string,
  action: ActionId,
  target: Target,
  { spoken, ...look }: ButtonLook = {},
): Button => ({
  type: 'button',
  text: plain(label, limits.buttonText),
  action_id: action,
  value: encodeTarget(target),
  ...(spoken && { accessibility_label: oneLine(spoken, limits.buttonText) }),
  ...look,
});

/** "Are you sure?" with its two answers. */
export const confirmation = (
  title: string,
  text: string,
  yes: string,
  no = 'Not now',
): ConfirmationDialog => ({
  title: plain(title, limits.confirmTitle),
  text: plain(text, limits.confirmText),
  confirm: plain(yes, limits.confirmButton),
  deny: plain(no, limits.confirmButton),
});

/** The `⋯` menu: at most five choices, each an action and its target. */
export const overflow = (
  ...choices: (readonly [label: string, action: ActionId, target: Target])[]
): Overflow => ({
  type: 'overflow',
  action_id: 'more' satisfies ActionId,
  options: choices.slice(0, limits.overflowOptions).map(([label, action, target]) => ({
    text: plain(label, limits.optionText),
    value: encodeChoice(action, target),
  })),
});
