import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModalView } from '@slack/types';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Message } from '../../src/blocks/message.ts';
import { blockErrors, viewErrors } from '../../src/sandbox/blockkit.ts';
import type { Json } from '../../src/sandbox/json.ts';

const schemaPath = join(process.env.FIXTURES_DIR ?? '../shared/fixtures', 'slack-block-kit.schema.json');

/** A second opinion on Slack's limits, written by others; null where the fixtures are not at hand. */
const schema = existsSync(schemaPath) ? compiled() : null;
if (!schema) console.warn(`skipped: blocks against ${schemaPath}, which is not there`);

function compiled(): { message: (value: unknown) => string[]; modal: (value: unknown) => string[] } {
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    formats: { uri: (text: string) => URL.canParse(text) },
  });
  const document = JSON.parse(readFileSync(schemaPath, 'utf8')) as { $id: string };
  const message = ajv.compile(document);
  const modal = ajv.compile({ $ref: `${document.$id}#/$defs/modal_view` });
  const errorsOf = (validate: typeof message) => (value: unknown) =>
    validate(value) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  return { message: errorsOf(message), modal: errorsOf(modal) };
}

/** Slack answers `msg_blocks_too_long` somewhere above 13,000 characters; it does not say where. */
const shownCharactersMax = 12_000;

interface Piece {
  type?: string;
  text?: unknown;
  user_id?: string;
  channel_id?: string;
  range?: string;
  url?: string;
}

/** Every object in there, whatever it is. */
export function piecesOf(value: unknown): Piece[] {
  if (Array.isArray(value)) return value.flatMap(piecesOf);
  if (typeof value !== 'object' || value === null) return [];
  return [value as Piece, ...Object.values(value).flatMap(piecesOf)];
}

/** Everything Slack would refuse, and everything that would be unreadable. Empty: it can be posted. */
export function messageProblems({ text, blocks }: Message): string[] {
  const json = JSON.parse(JSON.stringify(blocks)) as Json[];
  const shown = piecesOf(blocks).reduce(
    (sum, piece) => sum + (typeof piece.text === 'string' ? piece.text.length : 0),
    0,
  );
  return [
    ...(text.trim() === '' || text.length > 3_000 ? [`text has ${text.length} characters`] : []),
    ...(blocks.length === 0 || blocks.length > 50 ? [`${blocks.length} blocks`] : []),
    ...(shown > shownCharactersMax ? [`${shown} characters in blocks`] : []),
    ...blockErrors(json, 'message'),
    ...(schema?.message(json) ?? []),
  ];
}

export function modalProblems(view: ModalView): string[] {
  const json = JSON.parse(JSON.stringify(view)) as Json;
  return [...viewErrors(json), ...(schema?.modal(json) ?? [])];
}

/** What would notify or lead somewhere, in blocks and in the text: typed ids and addresses, sorted and once each. */
export function fires(shown: { text?: string; blocks: unknown }): string[] {
  const inBlocks = piecesOf(shown.blocks).flatMap((piece) => {
    if (piece.type === 'mrkdwn') return ['mrkdwn'];
    if (piece.type === 'user' || piece.type === 'usergroup') return [`@${piece.user_id}`];
    if (piece.type === 'broadcast') return [`!${piece.range}`];
    return piece.type === 'channel' ? [`#${piece.channel_id}`] : piece.url !== undefined ? [piece.url] : [];
  });
  const tokens = [...(shown.text ?? '').matchAll(/<([^>]*)>?/g)].map(([, token = '']) => token);
  const inText = tokens.filter((token) => !/^!date\^\d+\^[^|<]*\|[^|<]*$/.test(token));
  return [...new Set([...inBlocks, ...inText])].sort();
}

/** What is left for the ear when tokens, numbers and marks are taken away. */
export const wordsIn = (text: string): string[] =>
  text.replace(/<[^>]*>/g, ' ').match(/\p{L}[\p{L}'’]*/gu) ?? [];

interface Pressed {
  type?: string;
  text?: { text?: string };
  placeholder?: { text?: string };
  accessibility_label?: string;
  action_id?: string;
  value?: string;
}

/** Names that say nothing to a screen reader, or the same of two buttons that do different things. */
export function unclearNames(shown: unknown): string[] {
  const pressed = (piecesOf(shown) as Pressed[]).filter(
    ({ type }) => type === 'button' || type === 'static_select',
  );
  const named = pressed.map((one) => ({
    name: one.accessibility_label ?? one.text?.text ?? one.placeholder?.text ?? '',
    does: `${one.action_id} ${one.value}`,
  }));
  return named
    .filter(
      ({ name, does }) =>
        wordsIn(name).length === 0 || named.some((other) => other.name === name && other.does !== does),
    )
    .map(({ name }) => name);
}
