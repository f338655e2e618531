import { isObject, textAt } from '../json.ts';
import { ariaOf, type ElementProps, fieldName, Holder, heldBy, placeholderOf } from './block-around.tsx';
import { isoDate, timeWords } from './block-dates.ts';

/** Elements in which one writes. What Slack's client checks is checked when the form is sent, as there. */

const types = {
  plain_text_input: { type: 'text', inputMode: 'text' },
  number_input: { type: 'text', inputMode: 'decimal' },
  email_text_input: { type: 'email', inputMode: 'email' },
  url_text_input: { type: 'url', inputMode: 'url' },
} as const;

export function TextInput(props: ElementProps) {
  const { element, spot } = props;
  const held = heldBy(props);
  const common = {
    className: 'bk-text-input',
    name: fieldName(spot),
    placeholder: placeholderOf(element) || undefined,
    defaultValue: typeof held === 'string' ? held : '',
    autoFocus: element.focus_on_load === true,
    autoComplete: 'off',
    'data-dispatch': dispatchOf(props),
    ...ariaOf(props),
  };
  const look = types[textAt(element, 'type') as keyof typeof types];
  return (
    <Holder {...props}>
      {element.multiline === true ? <textarea {...common} rows={5} /> : <input {...common} {...look} />}
    </Holder>
  );
}

/** On what the app is told: `on_enter_pressed` where nothing else is said. */
function dispatchOf({ block, element }: ElementProps): string | undefined {
  if (block.dispatch_action !== true) return undefined;
  const config = element.dispatch_action_config;
  const on: unknown = isObject(config) ? config.trigger_actions_on : undefined;
  return Array.isArray(on) ? on.join(' ') : 'on_enter_pressed';
}

const dateTypes = { datepicker: 'date', timepicker: 'time', datetimepicker: 'datetime-local' } as const;

/** Dates and times, on the wall of the person who looks. */
export function DateInput(props: ElementProps) {
  const { around, element, spot } = props;
  const type = textAt(element, 'type') as keyof typeof dateTypes;
  const held = heldBy(props);
  const { tz } = around.viewer;
  const value = typeof held === 'number' ? `${isoDate(held * 1000, tz)}T${timeWords(held * 1000, tz)}` : held;
  return (
    <Holder {...props}>
      <input
        className="bk-text-input"
        type={dateTypes[type]}
        name={fieldName(spot)}
        defaultValue={typeof value === 'string' ? value : ''}
        {...ariaOf(props)}
      />
      {type === 'datetimepicker' ? <small className="bk-zone">{tz}</small> : null}
    </Holder>
  );
}
