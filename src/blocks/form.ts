import type {
  InputBlock,
  InputBlockElement,
  KnownBlock,
  ModalView,
  PlainTextOption,
  StaticSelect,
} from '@slack/types';
import { isNudgeRule, type MessageSource, type NudgeRule } from '../incident/incident.ts';
import { type SectionId, sectionIds } from '../incident/postmortem-sections.ts';
import type { ModalId } from './actions.ts';
import { cut, limits, plain } from './message.ts';

/** What a modal must remember: ids only. `incident` 0 or absent: none yet. */
export interface FormMetadata {
  incident?: number;
  rule?: NudgeRule;
  /** Number of a follow-up. */
  followup?: number;
  /** Where it was opened, for the answer. */
  channel?: string | null;
  /** The section of the postmortem, and which version of it the person had before them. */
  section?: SectionId;
  version?: number;
  /** The incident that goes on after a merge. */
  into?: number;
  /** The message it was opened from. */
  source?: MessageSource;
  /** It was opened from the Home tab, where no message can answer. */
  home?: true;
}

/** Slack's limit is 3,000; ids need a fraction. */
const idLengthMax = 500;

export function encodeMetadata(metadata: FormMetadata): string {
  const { incident, rule, followup, channel, section, version, into, source } = metadata;
  return JSON.stringify({
    incident,
    rule,
    followup,
    channel: channel?.slice(0, idLengthMax),
    section,
    version,
    into,
    source,
  });
}

/** The metadata again; empty for anything `encodeMetadata` would not have written. Never throws. */
export function decodeMetadata(text: string | undefined): FormMetadata {
  const read = parsed(text ?? '');
  const { incident, rule, followup, channel, into, version } = read;
  const section = sectionIds.find((id) => id === read.section);
  const source = sourceIn(read.source);
  return {
    ...(typeof incident === 'number' && Number.isSafeInteger(incident) && incident >= 0 && { incident }),
    ...(isNudgeRule(rule) && { rule }),
    ...(typeof followup === 'number' && Number.isSafeInteger(followup) && followup > 0 && { followup }),
    ...(typeof channel === 'string' && { channel }),
    ...(section && { section }),
    ...(typeof version === 'number' && Number.isSafeInteger(version) && version >= 0 && { version }),
    ...(typeof into === 'number' && Number.isSafeInteger(into) && into > 0 && { into }),
    ...(source && { source }),
    ...(read.home === true && { home: true }),
  };
}

/** The same metadata, of a form that was opened from the Home tab. */
export const homeMetadata = (metadata: string | undefined): string =>
  JSON.stringify({ ...parsed(metadata ?? ''), home: true });

function sourceIn(value: unknown): MessageSource | null {
  const { channel, ts, author, link } = record(value);
  const { user, app } = record(author);
  if (typeof channel !== 'string' || typeof ts !== 'string' || typeof link !== 'string') return null;
  return { channel, ts, link, author: { user: string(user), app: string(app) } };
}

function parsed(text: string): Record<string, unknown> {
  try {
    return record(JSON.parse(text));
  } catch {
    return {};
  }
}

/** `view.state.values`: block id -> action id -> state. Ours are both the field's name. */
export type FormValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What was filled in, or what is wrong with which field, as `response_action: 'errors'` wants it. */
export type Parsed<Form> = { ok: Form } | { errors: Record<string, string> };

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

const fieldOf = (values: FormValues, name: string): Record<string, unknown> => record(values[name]?.[name]);

const string = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Trimmed; empty when nothing was written. */
export const written = (values: FormValues, name: string): string =>
  (string(fieldOf(values, name).value) ?? '').trim();

/** The value of the choice, null when none was made. */
export const chosen = (values: FormValues, name: string): string | null =>
  string(record(fieldOf(values, name).selected_option).value);

export function isTicked(values: FormValues, name: string, value: string): boolean {
  const ticked = fieldOf(values, name).selected_options;
  return Array.isArray(ticked) && ticked.some((option: unknown) => record(option).value === value);
}

/** The values of all choices that were made. */
export function chosenMany(values: FormValues, name: string): string[] {
  const options = fieldOf(values, name).selected_options;
  return Array.isArray(options)
    ? options.flatMap((option: unknown) => string(record(option).value) ?? [])
    : [];
}

/** A Slack user id, null when nobody was chosen. */
export const chosenUser = (values: FormValues, name: string): string | null =>
  string(fieldOf(values, name).selected_user);

/** Epoch ms, null when no time was chosen. */
export function chosenTime(values: FormValues, name: string): number | null {
  const seconds = fieldOf(values, name).selected_date_time;
  return typeof seconds === 'number' ? seconds * 1000 : null;
}

/** Undefined when empty; `NaN` for anything that is not a number from `min` to `max`. */
export function writtenNumber(
  values: FormValues,
  name: string,
  min: number,
  max: number,
): number | undefined {
  const text = written(values, name).replace('%', '').replace(',', '.').trim();
  if (text === '') return undefined;
  const number = Number(text);
  return number >= min && number <= max ? number : Number.NaN;
}

/** A modal of blocks that are there, with a close button that promises nothing was changed. */
export function modal(
  id: ModalId,
  { title, submit, metadata }: { title: string; submit: string; metadata: FormMetadata },
  ...blocks: (KnownBlock | null)[]
): ModalView {
  return {
    type: 'modal',
    callback_id: id,
    title: plain(title, limits.viewTitle),
    submit: plain(submit, limits.viewTitle),
    close: plain('Not now', limits.viewTitle),
    private_metadata: encodeMetadata(metadata),
    blocks: blocks.filter((block) => block !== null).slice(0, limits.viewBlocks),
  };
}

export interface FieldLook {
  optional?: boolean;
  hint?: string;
}

export const field = (
  name: string,
  label: string,
  element: InputBlockElement,
  look: FieldLook = {},
): InputBlock => ({
  type: 'input',
  block_id: name,
  label: plain(label, 200),
  element: { ...element, action_id: name },
  optional: look.optional ?? false,
  ...(look.hint && { hint: plain(look.hint, 200) }),
});

/** Slack's, for what can be typed into one field. */
const inputLengthMax = 3_000;

export interface WrittenLook {
  lines?: 'one' | 'many';
  initial?: string;
  placeholder?: string;
  lengthMax?: number;
}

export function writing(look: WrittenLook = {}): InputBlockElement {
  const lengthMax = look.lengthMax ?? inputLengthMax;
  const initial = cut(look.initial ?? '', lengthMax);
  return {
    type: 'plain_text_input',
    multiline: look.lines === 'many',
    max_length: lengthMax,
    ...(initial !== '' && { initial_value: initial }),
    ...(look.placeholder && { placeholder: plain(look.placeholder, 150) }),
  };
}

/** A choice: its value (at most 75 units, or it is not offered), its words, and a second line. */
export interface Choice {
  value: string;
  label: string;
  description?: string;
}

const isOffered = (choice: Choice): boolean =>
  choice.value !== '' && choice.value.length <= limits.optionValue;

const option = (choice: Choice): PlainTextOption => ({
  value: choice.value,
  text: plain(choice.label, limits.optionText),
  ...(choice.description && { description: plain(choice.description, limits.optionText) }),
});

const initialOf = (options: readonly PlainTextOption[], value: string | null): PlainTextOption | undefined =>
  options.find((one) => one.value === value);

/** Radio buttons, at most ten: every choice is in sight, with its definition. */
export function radio(choices: readonly Choice[], initial: string | null = null): InputBlockElement {
  const options = choices.filter(isOffered).slice(0, 10).map(option);
  const first = initialOf(options, initial);
  return { type: 'radio_buttons', options, ...(first && { initial_option: first }) };
}

/** A drop-down of at most 10,000: beyond 100 in groups, because Slack takes 100 in a row. At least one choice. */
export function select(
  choices: readonly Choice[],
  initial: string | null = null,
  placeholder = 'Choose',
): InputBlockElement {
  const options = choices
    .filter(isOffered)
    .slice(0, limits.options * limits.options)
    .map(option);
  const first = initialOf(options, initial);
  const groups = Array.from({ length: Math.ceil(options.length / limits.options) }, (_, index) =>
    options.slice(index * limits.options, (index + 1) * limits.options),
  );
  return {
    type: 'static_select',
    placeholder: plain(placeholder, 150),
    ...(groups.length <= 1
      ? { options }
      : { option_groups: groups.map((group) => ({ label: groupLabel(group), options: group })) }),
    ...(first && { initial_option: first }),
  };
}

const groupLabel = (group: readonly PlainTextOption[]) =>
  plain(
    `${cut(group[0]?.text.text ?? '', 30)} to ${cut(group.at(-1)?.text.text ?? '', 30)}`,
    limits.optionText,
  );

/** A drop-down that takes several, at most 10,000 of them offered. At least one choice. */
export const selectMany = (choices: readonly Choice[]): InputBlockElement => ({
  ...(select(choices, null, 'Choose any') as StaticSelect),
  type: 'multi_static_select',
});

export function ticks(choices: readonly (Choice & { ticked?: boolean })[]): InputBlockElement {
  const offered = choices.filter(isOffered).slice(0, 10);
  const ticked = offered.filter((choice) => choice.ticked).map(option);
  return {
    type: 'checkboxes',
    options: offered.map(option),
    ...(ticked.length > 0 && { initial_options: ticked }),
  };
}

export const someone = (initial: string | null = null): InputBlockElement => ({
  type: 'users_select',
  placeholder: plain('Choose a person', 150),
  ...(initial !== null && /^[UW][A-Z0-9]+$/.test(initial) && { initial_user: initial }),
});

/** `initialAt` epoch ms. */
export const aTime = (initialAt?: number): InputBlockElement => ({
  type: 'datetimepicker',
  ...(initialAt !== undefined && { initial_date_time: Math.floor(initialAt / 1000) }),
});

export const aNumber = (placeholder: string): InputBlockElement => ({
  type: 'number_input',
  is_decimal_allowed: true,
  min_value: '0',
  placeholder: plain(placeholder, 150),
});
