import { Temporal } from 'temporal-polyfill';
import { optionsOf, VALUE_KEYS } from './form.ts';
import type { Json } from './json.ts';
import { isObject, objectsAt, textAt } from './json.ts';
import type { Workspace } from './workspace.ts';

/** Where a choice is made: the person's zone, and what the app offered for an element that asks it for options. */
export interface Chooser {
  ws: Workspace;
  /** IANA name. */
  tz: string;
  offered: readonly Json[];
}

/**
 * What an action says besides its ids. `values` is what a control of a browser holds: values of options, ids, texts,
 * `2026-03-02`, `14:05`, or for a datetime picker `2026-03-02T14:05` on the person's wall; empty: nothing. Throws
 * where something is not offered.
 */
export function chosenAs(element: Json, values: readonly string[], chooser: Chooser): Json {
  const type = textAt(element, 'type');
  if (type === 'button') {
    const { text, value, style } = element;
    return { text, ...(value === undefined ? {} : { value }), ...(style === undefined ? {} : { style }) };
  }
  if (type === 'overflow') return { selected_option: optionWith(element, values[0] ?? '', chooser) };
  return { [VALUE_KEYS[type]?.value ?? 'value']: heldValue(element, values, chooser) };
}

/** The same as it stands under the element's key in a view's state. */
export function heldValue(element: Json, values: readonly string[], chooser: Chooser): unknown {
  const type = textAt(element, 'type');
  const key = VALUE_KEYS[type]?.value;
  const given = values.filter((value) => value !== '');
  if (key === 'selected_options') return given.map((value) => optionWith(element, value, chooser));
  if (type.startsWith('multi_')) return given.map((id) => knownId(key, id, chooser));
  const [first] = given;
  if (first === undefined) return null;
  if (key === 'selected_option') return optionWith(element, first, chooser);
  if (key === 'selected_date_time') return secondsOf(first, chooser.tz);
  if (key === 'selected_date') return Temporal.PlainDate.from(first).toString();
  if (key === 'selected_time') return Temporal.PlainTime.from(first).toString({ smallestUnit: 'minute' });
  // A form sends line ends as CR LF; Slack sends LF.
  if (key === 'value') return first.replaceAll('\r\n', '\n');
  return knownId(key, first, chooser);
}

function optionWith(element: Json, value: string, { offered }: Chooser): Json {
  const initial = [element.initial_option, ...objectsAt(element, 'initial_options')].filter(isObject);
  const found = [...optionsOf(element), ...offered, ...initial].find((one) => one.value === value);
  if (found) return found;
  throw new Error(`"${value}" is not, or no longer, offered`);
}

function knownId(key: string | undefined, id: string, { ws }: Chooser): string {
  const isKnown = key?.startsWith('selected_user') ? ws.users.has(id) : ws.channels.has(id);
  if (isKnown) return id;
  throw new Error(`There is no ${id} here`);
}

const secondsOf = (local: string, tz: string): number =>
  Math.floor(Temporal.PlainDateTime.from(local).toZonedDateTime(tz).epochMilliseconds / 1000);
