import { isObject, objectsAt } from './json.ts';
import { BLOCKS } from './rules.ts';
import type { Fields, Shape } from './shape.ts';
import { boolean, byType, integerFrom, list, matching, object, oneOf, string } from './shape.ts';

/** Block Kit's text objects, options and interactive elements, as data over `shape.ts`. */

const type = string(BLOCKS.idLength);
export const id = string(BLOCKS.idLength);
export const url: Shape = (value, pointer, report) => {
  string(BLOCKS.url)(value, pointer, report);
  matching(/^[a-z][a-z0-9+.-]*:\S+$/i, 'a valid URL')(value, pointer, report);
};

export function plain(max: number): Shape {
  return object({ type: oneOf('plain_text'), text: string(max) }, { emoji: boolean });
}

export function text(max: number): Shape {
  return byType(
    {
      plain_text: plain(max),
      mrkdwn: object({ type, text: string(max) }, { verbatim: boolean }),
    },
    'text',
  );
}

const confirm = object(
  {
    title: plain(BLOCKS.confirmTitle),
    text: text(BLOCKS.confirmText),
    confirm: plain(BLOCKS.confirmButton),
    deny: plain(BLOCKS.confirmButton),
  },
  { style: oneOf('primary', 'danger') },
);

function option(label: (max: number) => Shape, optional: Fields = {}): Shape {
  return object(
    { text: label(BLOCKS.optionText), value: string(BLOCKS.optionValue) },
    { description: label(BLOCKS.optionText), ...optional },
  );
}

const choice = option(text);
const selectOption = option(plain);
const optionGroup = object({
  label: plain(BLOCKS.optionText),
  options: list(selectOption, BLOCKS.selectOptions),
});

/** What is chosen at first must be among what can be chosen. */
const initialIsOffered: Shape = (value, pointer, report) => {
  if (!isObject(value)) return;
  const offered = [
    ...objectsAt(value, 'options'),
    ...objectsAt(value, 'option_groups').flatMap((g) => objectsAt(g, 'options')),
  ];
  const keys = new Set(offered.map((one) => JSON.stringify(one.value)));
  const initial = [value.initial_option, ...objectsAt(value, 'initial_options')].filter(isObject);
  if (initial.some((one) => !keys.has(JSON.stringify(one.value)))) {
    report(`${pointer}/initial_option`, 'must match one of the options');
  }
};

const exactlyOneOptionList: Shape = (value, pointer, report) => {
  if (isObject(value) && (value.options === undefined) === (value.option_groups === undefined)) {
    report(pointer, 'must have either options or option_groups');
  }
  initialIsOffered(value, pointer, report);
};

const common: Fields = { action_id: id, confirm, focus_on_load: boolean };
const placeholder = plain(BLOCKS.placeholder);
const select: Fields = { ...common, placeholder };
const multi: Fields = { ...select, max_selected_items: integerFrom(1, Number.MAX_SAFE_INTEGER) };
const userId = matching(/^[UW][A-Z0-9]+$/, 'a user id');
const channelId = matching(/^[CG][A-Z0-9]+$/, 'a channel id');
const filter = object(
  {},
  {
    include: list(oneOf('im', 'mpim', 'private', 'public'), 4),
    exclude_external_shared_channels: boolean,
    exclude_bot_users: boolean,
  },
);
const staticOptions: Fields = {
  options: list(selectOption, BLOCKS.selectOptions),
  option_groups: list(optionGroup, BLOCKS.optionGroups),
};
const conversations: Fields = { default_to_current_conversation: boolean, filter };

const dispatch = object({
  trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), 2),
});
const typed: Fields = {
  action_id: id,
  initial_value: string(BLOCKS.inputText, 0),
  dispatch_action_config: dispatch,
  focus_on_load: boolean,
  placeholder,
};
const number = matching(/^-?\d+(\.\d+)?$/, 'a number');

/** Elements that an input block may hold; most of them may stand in actions and sections as well. */
const chosen: Readonly<Record<string, Shape>> = {
  checkboxes: object(
    { type, options: list(choice, BLOCKS.choiceOptions) },
    { ...common, initial_options: list(choice, BLOCKS.choiceOptions) },
    initialIsOffered,
  ),
  radio_buttons: object(
    { type, options: list(choice, BLOCKS.choiceOptions) },
    { ...common, initial_option: choice },
    initialIsOffered,
  ),
  datepicker: object({ type }, { ...select, initial_date: matching(/^\d{4}-\d{2}-\d{2}$/, 'YYYY-MM-DD') }),
  timepicker: object(
    { type },
    { ...select, initial_time: matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:mm'), timezone: string(255) },
  ),
  static_select: object(
    { type },
    { ...select, ...staticOptions, initial_option: selectOption },
    exactlyOneOptionList,
  ),
  external_select: object(
    { type },
    { ...select, initial_option: selectOption, min_query_length: integerFrom(0, BLOCKS.inputText) },
  ),
  users_select: object({ type }, { ...select, initial_user: userId }),
  conversations_select: object(
    { type },
    { ...select, ...conversations, initial_conversation: string(255), response_url_enabled: boolean },
  ),
  channels_select: object({ type }, { ...select, initial_channel: channelId, response_url_enabled: boolean }),
  multi_static_select: object(
    { type },
    { ...multi, ...staticOptions, initial_options: list(selectOption, BLOCKS.selectOptions) },
    exactlyOneOptionList,
  ),
  multi_external_select: object(
    { type },
    {
      ...multi,
      initial_options: list(selectOption, BLOCKS.selectOptions),
      min_query_length: integerFrom(0, BLOCKS.inputText),
    },
  ),
  multi_users_select: object({ type }, { ...multi, initial_users: list(userId, BLOCKS.selectOptions) }),
  multi_conversations_select: object(
    { type },
    { ...multi, ...conversations, initial_conversations: list(string(255), BLOCKS.selectOptions) },
  ),
  multi_channels_select: object(
    { type },
    { ...multi, initial_channels: list(channelId, BLOCKS.selectOptions) },
  ),
};

const datetimepicker = object({ type }, { ...common, initial_date_time: integerFrom(0, 9_999_999_999) });

const image = object(
  { type, alt_text: string(BLOCKS.imageText) },
  { image_url: url, slack_file: object({}, { url, id: string(255) }) },
  (value, pointer, report) => {
    if (isObject(value) && (value.image_url === undefined) === (value.slack_file === undefined)) {
      report(pointer, 'must have either image_url or slack_file');
    }
  },
);

const pressed: Readonly<Record<string, Shape>> = {
  button: object(
    { type, text: plain(BLOCKS.buttonText) },
    {
      action_id: id,
      url,
      value: string(BLOCKS.buttonValue),
      style: oneOf('primary', 'danger'),
      confirm,
      accessibility_label: string(BLOCKS.accessibilityLabel),
    },
  ),
  overflow: object(
    { type, options: list(option(plain, { url }), BLOCKS.overflowOptions) },
    { action_id: id, confirm },
  ),
};

export const actionElement = byType({ ...pressed, ...chosen, datetimepicker }, 'action element');
export const accessory = byType({ ...pressed, ...chosen, image }, 'accessory');
export const contextElement = byType(
  { image, plain_text: plain(BLOCKS.text), mrkdwn: text(BLOCKS.text) },
  'context element',
);
export const inputElement = byType(
  {
    ...chosen,
    datetimepicker,
    plain_text_input: object(
      { type },
      {
        ...typed,
        multiline: boolean,
        min_length: integerFrom(0, BLOCKS.inputText),
        max_length: integerFrom(1, BLOCKS.inputText),
      },
    ),
    number_input: object(
      { type, is_decimal_allowed: boolean },
      { ...typed, initial_value: number, min_value: number, max_value: number },
    ),
    email_text_input: object({ type }, typed),
    url_text_input: object({ type }, typed),
  },
  'input element',
);
