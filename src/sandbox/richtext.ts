import { id, url } from './elements.ts';
import { BLOCKS } from './rules.ts';
import type { Fields } from './shape.ts';
import { boolean, byType, integerFrom, list, matching, object, oneOf, string } from './shape.ts';

/** The rich_text block. Its text is literal: nothing in it is parsed, mentions are elements of their own. */

const type = string(BLOCKS.idLength);
/** Slack gives no count; the bound keeps a runaway list from passing. */
const ELEMENTS_MAX = 1_000;
const LEAF_TEXT_MAX = 12_000;

const style: Fields = {
  style: object(
    {},
    {
      bold: boolean,
      italic: boolean,
      strike: boolean,
      underline: boolean,
      code: boolean,
      highlight: boolean,
    },
  ),
};
const leaf = byType(
  {
    text: object({ type, text: string(LEAF_TEXT_MAX) }, style),
    link: object({ type, url }, { ...style, text: string(LEAF_TEXT_MAX), unsafe: boolean }),
    user: object({ type, user_id: matching(/^[UW][A-Z0-9]+$/, 'a user id') }, style),
    usergroup: object({ type, usergroup_id: matching(/^S[A-Z0-9]+$/, 'a group id') }, style),
    channel: object({ type, channel_id: matching(/^[CG][A-Z0-9]+$/, 'a channel id') }, style),
    emoji: object(
      { type, name: string(255) },
      { ...style, skin_tone: integerFrom(1, 6), unicode: string(255) },
    ),
    broadcast: object({ type, range: oneOf('here', 'channel', 'everyone') }, style),
    date: object(
      { type, timestamp: integerFrom(0, Number.MAX_SAFE_INTEGER), format: string(255) },
      { ...style, url, fallback: string(BLOCKS.text) },
    ),
  },
  'rich text element',
);
const leaves = list(leaf, ELEMENTS_MAX, 0);
const border = oneOf(0, 1);
const section = object({ type: oneOf('rich_text_section'), elements: leaves });

const container = byType(
  {
    rich_text_section: section,
    rich_text_list: object(
      { type, style: oneOf('bullet', 'ordered'), elements: list(section, ELEMENTS_MAX) },
      { indent: integerFrom(0, 8), offset: integerFrom(0, ELEMENTS_MAX), border },
    ),
    rich_text_preformatted: object({ type, elements: leaves }, { border, language: string(255) }),
    rich_text_quote: object({ type, elements: leaves }, { border }),
  },
  'rich text container',
);

export const richText = object({ type, elements: list(container, ELEMENTS_MAX, 0) }, { block_id: id });
