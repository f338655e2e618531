import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blockErrors, viewErrors } from '../../src/sandbox/blockkit.ts';
import type { Json } from '../../src/sandbox/json.ts';
import { isObject } from '../../src/sandbox/json.ts';
import { BLOCKS } from '../../src/sandbox/rules.ts';
import { fixture, haveFixtures, needsFixtures } from './fixtures.ts';
import { button, section } from './world.ts';

const plain = (size: number): Json => ({ type: 'plain_text', text: 'x'.repeat(size) });
const mrkdwn = (size: number): Json => ({ type: 'mrkdwn', text: 'x'.repeat(size) });
const option = (size: number, value = 1, at = 0): Json => ({
  text: plain(size),
  value: String(at).padEnd(value, 'x').slice(0, Math.max(value, 1)),
});
const options = (count: number): Json[] => Array.from({ length: count }, (_, at) => option(1, 4, at));
const actions = (...elements: Json[]): Json => ({ type: 'actions', elements });
const select = (more: Json): Json => ({ type: 'static_select', action_id: 's', ...more });
const input = (element: Json, more: Json = {}): Json => ({
  type: 'input',
  label: plain(1),
  element,
  ...more,
});
const modal = (more: Json): Json => ({
  type: 'modal',
  title: plain(5),
  submit: plain(5),
  blocks: [section('x')],
  ...more,
});
const confirm = (title: number, text: number, yes: number): Json => ({
  title: plain(title),
  text: plain(text),
  confirm: plain(yes),
  deny: plain(yes),
});
const pressed = (more: Json): Json => actions({ ...button('A', 'a'), ...more });

/** A message or view with something of this size in it; each limit of `BLOCKS` has one. */
const SIZED: Record<keyof typeof BLOCKS, (size: number) => Json | Json[]> = {
  perMessage: (size) => Array<Json>(size).fill({ type: 'divider' }),
  perView: (size) => modal({ blocks: Array<Json>(size).fill({ type: 'divider' }) }),
  idLength: (size) => [{ type: 'divider', block_id: 'x'.repeat(size) }],
  text: (size) => [{ type: 'section', text: mrkdwn(size) }],
  fields: (size) => [{ type: 'section', fields: Array<Json>(size).fill(mrkdwn(1)) }],
  fieldText: (size) => [{ type: 'section', fields: [plain(size)] }],
  headerText: (size) => [{ type: 'header', text: plain(size) }],
  actionsElements: (size) => [actions(...Array.from({ length: size }, (_, at) => button('A', `a${at}`)))],
  contextElements: (size) => [{ type: 'context', elements: Array<Json>(size).fill(mrkdwn(1)) }],
  buttonText: (size) => [pressed({ text: plain(size) })],
  buttonValue: (size) => [pressed({ value: 'x'.repeat(size) })],
  url: (size) => [pressed({ url: 'https://x/'.padEnd(size, 'x') })],
  accessibilityLabel: (size) => [pressed({ accessibility_label: 'x'.repeat(size) })],
  selectOptions: (size) => [actions(select({ options: options(size) }))],
  optionGroups: (size) => [
    actions(select({ option_groups: Array<Json>(size).fill({ label: plain(1), options: options(1) }) })),
  ],
  optionText: (size) => [actions(select({ options: [option(size)] }))],
  optionValue: (size) => [actions(select({ options: [option(1, size)] }))],
  overflowOptions: (size) => [actions({ type: 'overflow', action_id: 'o', options: options(size) })],
  choiceOptions: (size) => [actions({ type: 'radio_buttons', action_id: 'r', options: options(size) })],
  placeholder: (size) => [actions(select({ placeholder: plain(size), options: options(1) }))],
  confirmTitle: (size) => [pressed({ confirm: confirm(size, 1, 1) })],
  confirmText: (size) => [pressed({ confirm: confirm(1, size, 1) })],
  confirmButton: (size) => [pressed({ confirm: confirm(1, 1, size) })],
  viewTitle: (size) => modal({ title: plain(size), submit: plain(size), close: plain(size) }),
  privateMetadata: (size) => modal({ private_metadata: 'x'.repeat(size) }),
  inputLabel: (size) =>
    modal({ blocks: [input({ type: 'plain_text_input' }, { label: plain(size), hint: plain(size) })] }),
  inputText: (size) => modal({ blocks: [input({ type: 'plain_text_input', max_length: size })] }),
  markdown: (size) => [{ type: 'markdown', text: 'x'.repeat(size) }],
  imageText: (size) => [{ type: 'image', image_url: 'https://x/y.png', alt_text: 'x'.repeat(size) }],
  tableRows: (size) => [{ type: 'table', rows: Array(size).fill([{ type: 'raw_text', text: 'x' }]) }],
  tableCells: (size) => [{ type: 'table', rows: [Array(size).fill({ type: 'raw_text', text: 'x' })] }],
};

const NUMBERS: Readonly<Record<string, number>> = {
  perMessage: 50,
  perView: 100,
  idLength: 255,
  text: 3000,
  fields: 10,
  fieldText: 2000,
  headerText: 150,
  actionsElements: 25,
  contextElements: 10,
  buttonText: 75,
  buttonValue: 2000,
  url: 3000,
  accessibilityLabel: 75,
  selectOptions: 100,
  optionGroups: 100,
  optionText: 75,
  optionValue: 75,
  overflowOptions: 5,
  choiceOptions: 10,
  placeholder: 150,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  viewTitle: 24,
  privateMetadata: 3000,
  inputLabel: 2000,
  inputText: 3000,
  markdown: 12000,
  imageText: 2000,
  tableRows: 100,
  tableCells: 20,
};

function errorsOf(content: Json | Json[]): string[] {
  return Array.isArray(content) ? blockErrors(content, 'message') : viewErrors(content);
}

test.each(Object.entries(SIZED))('%s is taken at its limit and refused beyond it', (name, sized) => {
  const limit = NUMBERS[name] ?? 0;
  expect(BLOCKS[name as keyof typeof BLOCKS]).toBe(limit);
  expect(errorsOf(sized(limit))).toEqual([]);
  expect(errorsOf(sized(limit + 1))).not.toEqual([]);
});

test.each<[string, Json | Json[], string]>([
  ['empty text', [section('')], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
  ['a section of nothing', [{ type: 'section' }], 'must have text or fields [json-pointer:/blocks/0]'],
  ['an unknown block', [{ type: 'banner' }], 'unsupported type of block: "banner" [json-pointer:/blocks/0]'],
  [
    'mrkdwn in a header',
    [{ type: 'header', text: mrkdwn(1) }],
    'must be one of plain_text [json-pointer:/blocks/0/text/type]',
  ],
  [
    'mrkdwn on a button',
    [pressed({ text: mrkdwn(1) })],
    'must be one of plain_text [json-pointer:/blocks/0/elements/0/text/type]',
  ],
  ['no elements', [actions()], 'no fewer than 1 items required [json-pointer:/blocks/0/elements]'],
  [
    'an input without submit',
    modal({ submit: undefined, blocks: [input({ type: 'plain_text_input' })] }),
    'missing required field: submit [json-pointer:/]',
  ],
  [
    'a misspelt key',
    [{ ...section('x'), txet: 1 }],
    'no more than known fields allowed: txet [json-pointer:/blocks/0]',
  ],
  [
    'a preset that is not offered',
    [actions(select({ options: options(2), initial_option: option(1, 4, 7) }))],
    'must match one of the options [json-pointer:/blocks/0/elements/0/initial_option]',
  ],
  [
    'the same block_id twice',
    [
      { type: 'divider', block_id: 'b' },
      { type: 'divider', block_id: 'b' },
    ],
    '`block_id` "b" already exists [json-pointer:/blocks/1]',
  ],
  [
    'the same action_id twice in a block (in two blocks it may stand)',
    [actions(button('A', 'a'), button('B', 'b')), actions(button('C', 'a'), button('D', 'a'))],
    '`action_id` "a" already exists [json-pointer:/blocks/1]',
  ],
  [
    'no options at all',
    [actions(select({}))],
    'must have either options or option_groups [json-pointer:/blocks/0/elements/0]',
  ],
  [
    'a button url that is none',
    [pressed({ url: 'runbook' })],
    'must be a valid URL [json-pointer:/blocks/0/elements/0/url]',
  ],
])('%s is refused by name', (_, content, error) => {
  expect(errorsOf(content)).toContain(`[ERROR] ${error}`);
});

/** What we refuse and the schema does not know: stricter types, counts of a message, and relations between parts. */
const STRICTER =
  /already exists|must match one of the options|no more than 50 items|\/options\/\d+\/value\]$/;

function schemaJudge(): { blocks: (value: unknown) => boolean; view: (value: unknown) => boolean } {
  const schema = fixture('slack-block-kit.schema.json');
  if (!isObject(schema)) throw new Error('the schema is no object');
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const blocks = ajv.compile(schema);
  const view = ajv.compile({ $ref: `${String(schema.$id)}#/$defs/modal_view` });
  return { blocks: (value) => blocks(value) === true, view: (value) => view(value) === true };
}

const rich = (...elements: Json[]): Json => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements }],
});

/** Messages as incident bots send them, right and wrong. */
const CORPUS: readonly Json[][] = [
  [{ type: 'header', text: plain(20) }, section('*SEV1* <@U0ANA>'), { type: 'divider' }],
  [rich({ type: 'text', text: 'Title', style: { bold: true } }, { type: 'user', user_id: 'U0ANA' })],
  [rich({ type: 'date', timestamp: 1_772_416_800, format: '{time}', fallback: '02:00' })],
  [rich({ type: 'user', user_id: 'ana' })],
  [rich({ type: 'broadcast', range: 'all' })],
  [{ type: 'rich_text', elements: [{ type: 'text', text: 'x' }] }],
  [actions(button('A', 'a'), { type: 'overflow', action_id: 'o', options: options(2) })],
  [actions({ type: 'users_select', action_id: 'u', placeholder: plain(3), initial_user: 'nobody' })],
  [actions({ type: 'plain_text_input', action_id: 'p' })],
  [{ type: 'context', elements: [mrkdwn(3), { type: 'image', image_url: 'https://x/y', alt_text: 'y' }] }],
  [{ type: 'context', elements: [button('A', 'a')] }],
  [{ ...section('x'), accessory: button('A', 'a') }],
  [{ type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]], column_settings: [{ align: 'right' }, null] }],
  [{ type: 'section', text: 'x' }],
];

test.skipIf(!haveFixtures)(`the schema agrees on messages as bots send them${needsFixtures}`, () => {
  const judge = schemaJudge();
  for (const blocks of CORPUS) {
    expect({ blocks, ours: errorsOf(blocks).length === 0 }).toEqual({ blocks, ours: judge.blocks(blocks) });
  }
});

/** Sizes at, just below and just beyond a limit, and empty. */
const around = (limit: number) => fc.constantFrom(0, 1, limit - 1, limit, limit + 1);

const sizedContent = fc
  .constantFrom(...(Object.keys(SIZED) as (keyof typeof BLOCKS)[]))
  .chain((name) => around(BLOCKS[name]).map((size) => ({ name, size, content: SIZED[name](size) })));

test.skipIf(!haveFixtures)(
  `what we take, the published schema takes, around every limit${needsFixtures}`,
  () => {
    const judge = schemaJudge();
    fc.assert(
      fc.property(sizedContent, ({ content }) => {
        if (errorsOf(content).length > 0 || (Array.isArray(content) && content.length === 0)) return;
        expect(Array.isArray(content) ? judge.blocks(content) : judge.view(content)).toBe(true);
      }),
      { numRuns: 400 },
    );
  },
);

test.skipIf(!haveFixtures)(
  `what we refuse, the schema refuses, but for what we name as stricter${needsFixtures}`,
  () => {
    const judge = schemaJudge();
    fc.assert(
      fc.property(sizedContent, ({ content }) => {
        const errors = errorsOf(content);
        if (errors.length === 0 || errors.every((error) => STRICTER.test(error))) return;
        expect(Array.isArray(content) ? judge.blocks(content) : judge.view(content)).toBe(false);
      }),
      { numRuns: 400 },
    );
  },
);
