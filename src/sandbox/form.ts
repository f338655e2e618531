import { elementsOf } from './blockkit.ts';
import type { Json } from './json.ts';
import { isObject, objectAt, objectsAt, textAt } from './json.ts';
import { blockText, textOf } from './render.ts';
import type { View, Workspace } from './workspace.ts';

/** What stands in the inputs of a view, filling them in as a person does, and what Slack's client checks. */

type Entered = Map<string, Map<string, Json>>;

/** Element type -> the key under which its value stands in the state, and the keys of its initial value. */
export const VALUE_KEYS: Readonly<Record<string, { value: string; initial: string; isList?: true }>> = {
  plain_text_input: { value: 'value', initial: 'initial_value' },
  number_input: { value: 'value', initial: 'initial_value' },
  email_text_input: { value: 'value', initial: 'initial_value' },
  url_text_input: { value: 'value', initial: 'initial_value' },
  static_select: { value: 'selected_option', initial: 'initial_option' },
  external_select: { value: 'selected_option', initial: 'initial_option' },
  radio_buttons: { value: 'selected_option', initial: 'initial_option' },
  checkboxes: { value: 'selected_options', initial: 'initial_options', isList: true },
  users_select: { value: 'selected_user', initial: 'initial_user' },
  channels_select: { value: 'selected_channel', initial: 'initial_channel' },
  conversations_select: { value: 'selected_conversation', initial: 'initial_conversation' },
  datepicker: { value: 'selected_date', initial: 'initial_date' },
  timepicker: { value: 'selected_time', initial: 'initial_time' },
  datetimepicker: { value: 'selected_date_time', initial: 'initial_date_time' },
  multi_static_select: { value: 'selected_options', initial: 'initial_options', isList: true },
  multi_external_select: { value: 'selected_options', initial: 'initial_options', isList: true },
  multi_users_select: { value: 'selected_users', initial: 'initial_users', isList: true },
  multi_channels_select: { value: 'selected_channels', initial: 'initial_channels', isList: true },
  multi_conversations_select: {
    value: 'selected_conversations',
    initial: 'initial_conversations',
    isList: true,
  },
};

/** `state` of blocks: what the inputs hold, initial values under what was entered. */
export function stateOf(blocks: readonly Json[], entered: Entered): Json {
  const values: Record<string, Json> = {};
  for (const block of blocks) {
    for (const element of elementsOf(block)) {
      const value = elementState(element, entered.get(textAt(block, 'block_id')));
      if (!value) continue;
      const blockId = textAt(block, 'block_id');
      values[blockId] = { ...values[blockId], [textAt(element, 'action_id')]: value };
    }
  }
  return { values };
}

/** Whether something stands in it: what it is shows in the state of its view. */
export const hasState = (element: Json): boolean => textAt(element, 'type') in VALUE_KEYS;

/** What stands in this element of a view, under the element's own key; null where nothing can. */
export function heldIn(view: View, block: Json, element: Json): unknown {
  const state = elementState(element, view.entered.get(textAt(block, 'block_id')));
  return state?.[VALUE_KEYS[textAt(element, 'type')]?.value ?? ''] ?? null;
}

function elementState(element: Json, entered: Map<string, Json> | undefined): Json | null {
  const type = textAt(element, 'type');
  const keys = VALUE_KEYS[type];
  if (!keys) return null;
  const given = entered?.get(textAt(element, 'action_id'));
  return given ?? { type, [keys.value]: element[keys.initial] ?? (keys.isList ? [] : null) };
}

export interface Complaint {
  label: string;
  blockId: string;
  complaint: string;
}

interface Input {
  label: string;
  block: Json;
  element: Json;
}

/** The inputs of a view with the words next to them. */
function inputsOf(ws: Workspace, view: View): Input[] {
  return objectsAt(view.body, 'blocks').flatMap((block) =>
    elementsOf(block)
      .filter((element) => textAt(element, 'type') in VALUE_KEYS)
      .map((element) => ({
        label: textOf(ws, block.label) || textOf(ws, element.placeholder),
        block,
        element,
      })),
  );
}

export type Entry = string | number | boolean | readonly string[];

/**
 * Writes an entry into the input with this label; a checkbox can be named by its own words as well. Throws, with
 * the labels there are, where none fits.
 */
export function fillIn(ws: Workspace, view: View, label: string, entry: Entry): void {
  const inputs = inputsOf(ws, view);
  const input = inputs.find((one) => one.label === label);
  if (input) {
    enter(view, input, valueFor(ws, input, entry));
    return;
  }
  for (const box of inputs.filter(({ element }) => element.type === 'checkboxes')) {
    const option = objectsAt(box.element, 'options').find((one) => textOf(ws, one.text) === label);
    if (option) {
      tick(view, box, option, entry === true);
      return;
    }
  }
  const labels = inputs.map((one) => `"${one.label}"`).join(', ');
  throw new Error(
    `There is no input "${label}" in "${textAt(view.body.title, 'text')}"; there are ${labels}`,
  );
}

/** Lets this value stand in the element. */
export function enter(view: View, { block, element }: Omit<Input, 'label'>, value: unknown): void {
  const type = textAt(element, 'type');
  const blockId = textAt(block, 'block_id');
  const inBlock = view.entered.get(blockId) ?? new Map<string, Json>();
  inBlock.set(textAt(element, 'action_id'), { type, [VALUE_KEYS[type]!.value]: value });
  view.entered.set(blockId, inBlock);
}

function tick(view: View, input: Input, option: Json, isOn: boolean): void {
  const entered = view.entered.get(textAt(input.block, 'block_id'));
  const now = objectsAt(elementState(input.element, entered), 'selected_options');
  const others = now.filter((one) => one.value !== option.value);
  enter(view, input, isOn ? [...others, option] : others);
}

function valueFor(ws: Workspace, { label, element }: Input, entry: Entry): unknown {
  const type = textAt(element, 'type');
  if (type.startsWith('multi_users')) return wordsOf(entry).map((name) => userId(ws, name));
  if (type === 'users_select') return userId(ws, String(entry));
  if (type === 'datetimepicker') return Number(entry);
  if (type === 'checkboxes' && entry === true) return objectsAt(element, 'options').slice(0, 1);
  if (type === 'checkboxes' && entry === false) return [];
  if (type === 'checkboxes' || type === 'multi_static_select') {
    return wordsOf(entry).map((word) => optionOf(ws, label, element, word));
  }
  if (type === 'static_select' || type === 'radio_buttons')
    return optionOf(ws, label, element, String(entry));
  return entry === '' ? null : String(entry);
}

function wordsOf(entry: Entry): readonly string[] {
  return typeof entry === 'object' ? entry : [String(entry)];
}

function userId(ws: Workspace, name: string): string {
  const handle = name.replace(/^@/, '');
  for (const user of ws.users.values()) if (user.name === handle) return user.id;
  throw new Error(`There is nobody called ${name}`);
}

/** Options of a select, radio buttons, checkboxes or overflow, groups flattened. */
export function optionsOf(element: Json): Json[] {
  return [
    ...objectsAt(element, 'options'),
    ...objectsAt(element, 'option_groups').flatMap((g) => objectsAt(g, 'options')),
  ];
}

function optionOf(ws: Workspace, label: string, element: Json, words: string): Json {
  const options = optionsOf(element);
  const found = options.find((option) => textOf(ws, option.text) === words);
  if (found) return found;
  const offered = options.map((option) => `"${textOf(ws, option.text)}"`).join(', ');
  throw new Error(`"${label}" does not offer "${words}"; it offers ${offered}`);
}

/** What Slack's client refuses before it sends: empty required inputs, texts out of bounds, too many choices. */
export function clientComplaints(ws: Workspace, view: View): Complaint[] {
  const found: Complaint[] = [];
  for (const { label, block, element } of inputsOf(ws, view)) {
    const state = elementState(element, view.entered.get(textAt(block, 'block_id')));
    const value = state?.[VALUE_KEYS[textAt(element, 'type')]!.value];
    const isEmpty = value === null || value === '' || (Array.isArray(value) && value.length === 0);
    const isMissing = isEmpty && block.type === 'input' && block.optional !== true;
    const written = typeof value === 'string' ? textComplaint(element, value) : listComplaint(element, value);
    const complaint = written ?? (isMissing ? 'Please complete this required field.' : null);
    if (complaint) found.push({ label, blockId: textAt(block, 'block_id'), complaint });
  }
  return found;
}

function listComplaint({ max_selected_items: max }: Json, value: unknown): string | null {
  const isTooLong = typeof max === 'number' && Array.isArray(value) && value.length > max;
  return isTooLong ? `Choose at most ${max}.` : null;
}

function textComplaint(element: Json, value: string): string | null {
  const { max_length: max = 3000, min_length: min = 0, min_value: low, max_value: high } = element;
  if (element.type === 'number_input') {
    const number = Number(value);
    if (value.trim() === '' || Number.isNaN(number)) return 'Please enter a number.';
    if (!element.is_decimal_allowed && !Number.isInteger(number)) return 'Please enter a whole number.';
    if (low !== undefined && number < Number(low)) return `Must be at least ${Number(low)}.`;
    return high !== undefined && number > Number(high) ? `Must be at most ${Number(high)}.` : null;
  }
  if (value.length > Number(max)) return `This entry can have at most ${Number(max)} characters.`;
  return value.length < Number(min) ? `This entry needs at least ${Number(min)} characters.` : null;
}

/** A block of a view as text, inputs with what stands in them: `Title: Checkout is down`. */
export function viewBlockText(ws: Workspace, view: View, block: Json): string {
  if (block.type !== 'input') return blockText(ws, block);
  const element = objectAt(block, 'element');
  const state = elementState(element, view.entered.get(textAt(block, 'block_id')));
  const optional = block.optional === true ? ' (optional)' : '';
  const complaint = view.errors[textAt(block, 'block_id')];
  const hint = textOf(ws, block.hint);
  return [
    `${textOf(ws, block.label)}${optional}: ${stateText(ws, element, state)}`,
    ...(hint ? [`  ${hint}`] : []),
    ...(complaint ? [`  ! ${complaint}`] : []),
  ].join('\n');
}

function stateText(ws: Workspace, element: Json, state: Json | null): string {
  const value = state?.[VALUE_KEYS[textAt(element, 'type')]?.value ?? ''];
  const options = optionsOf(element);
  if (element.type === 'checkboxes' || element.type === 'radio_buttons') {
    const chosen = new Set((Array.isArray(value) ? value : [value]).filter(isObject).map((one) => one.value));
    return options.map((one) => `${chosen.has(one.value) ? '☑' : '☐'} ${textOf(ws, one.text)}`).join(' ');
  }
  if (isObject(value)) return textOf(ws, value.text);
  if (Array.isArray(value))
    return value.map((one) => (isObject(one) ? textOf(ws, one.text) : person(ws, one))).join(', ');
  return value === null || value === undefined ? '…' : person(ws, value);
}

function person(ws: Workspace, value: unknown): string {
  const user = ws.users.get(String(value));
  return user ? `@${user.name}` : String(value);
}
