import { accessory, actionElement, contextElement, id, inputElement, plain, text, url } from './elements.ts';
import type { Json } from './json.ts';
import { isObject, objectsAt, textAt } from './json.ts';
import { richText } from './richtext.ts';
import { BLOCKS, LIMITS } from './rules.ts';
import type { Shape } from './shape.ts';
import { boolean, byType, integerFrom, list, object, oneOf, string } from './shape.ts';

/**
 * What Slack takes as blocks and views. Errors read like Slack's `response_metadata.messages`:
 * `[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]`.
 * Blocks that Tocsin does not use (video, card, plan ...) are refused as unsupported.
 */

const type = string(BLOCKS.idLength);
const block_id = id;

const block = byType(
  {
    section: object(
      { type },
      {
        block_id,
        text: text(BLOCKS.text),
        fields: list(text(BLOCKS.fieldText), BLOCKS.fields),
        accessory,
        expand: boolean,
      },
      (value, pointer, report) => {
        if (isObject(value) && value.text === undefined && value.fields === undefined) {
          report(pointer, 'must have text or fields');
        }
      },
    ),
    header: object({ type, text: plain(BLOCKS.headerText) }, { block_id, level: integerFrom(1, 4) }),
    divider: object({ type }, { block_id }),
    context: object({ type, elements: list(contextElement, BLOCKS.contextElements) }, { block_id }),
    actions: object({ type, elements: list(actionElement, BLOCKS.actionsElements) }, { block_id }),
    input: object(
      { type, label: plain(BLOCKS.inputLabel), element: inputElement },
      { block_id, hint: plain(BLOCKS.inputLabel), optional: boolean, dispatch_action: boolean },
    ),
    image: object(
      { type, alt_text: string(BLOCKS.imageText), image_url: url },
      { block_id, title: plain(BLOCKS.imageText) },
    ),
    markdown: object({ type, text: string(BLOCKS.markdown) }, { block_id }),
    rich_text: richText,
    table: object(
      {
        type,
        rows: list(
          list(
            byType({ raw_text: object({ type, text: string(BLOCKS.text) }), rich_text: richText }, 'cell'),
            BLOCKS.tableCells,
          ),
          BLOCKS.tableRows,
        ),
      },
      { block_id, column_settings: list(columnSetting(), BLOCKS.tableCells, 0) },
    ),
  },
  'block',
);

function columnSetting(): Shape {
  const setting = object({}, { align: oneOf('left', 'center', 'right'), is_wrapped: boolean });
  return (value, pointer, report) => {
    if (value !== null) setting(value, pointer, report);
  };
}

const view = byType(
  {
    modal: object(
      { type, title: plain(BLOCKS.viewTitle), blocks: list(block, BLOCKS.perView) },
      {
        close: plain(BLOCKS.viewTitle),
        submit: plain(BLOCKS.viewTitle),
        private_metadata: string(BLOCKS.privateMetadata, 0),
        callback_id: string(BLOCKS.idLength, 0),
        external_id: string(BLOCKS.idLength, 0),
        clear_on_close: boolean,
        notify_on_close: boolean,
        submit_disabled: boolean,
      },
      (value, pointer, report) => {
        const hasInput = objectsAt(value, 'blocks').some((one) => one.type === 'input');
        if (isObject(value) && hasInput && value.submit === undefined) {
          report(pointer, 'missing required field: submit');
        }
      },
    ),
    home: object(
      { type, blocks: list(block, BLOCKS.perView) },
      {
        private_metadata: string(BLOCKS.privateMetadata, 0),
        callback_id: string(BLOCKS.idLength, 0),
        external_id: string(BLOCKS.idLength, 0),
      },
    ),
  },
  'view',
);

/** What is wrong with a message's blocks, at most 50 of them; empty when all is well. */
export function blockErrors(blocks: readonly Json[], surface: 'message' | 'view'): string[] {
  const max = surface === 'message' ? BLOCKS.perMessage : BLOCKS.perView;
  const errors: string[] = [];
  const report = reporter(errors);
  list(block, max, 0)(blocks, '/blocks', report);
  reportDuplicates(blocks, '/blocks', report);
  return errors;
}

/** What is wrong with a view, its blocks and its size included. */
export function viewErrors(body: Json): string[] {
  const errors: string[] = [];
  const report = reporter(errors);
  view(body, '', report);
  reportDuplicates(objectsAt(body, 'blocks'), '/blocks', report);
  return errors;
}

/** Whether a view is larger than Slack takes (`view_too_large`). */
export function isViewTooLarge(body: Json): boolean {
  return Buffer.byteLength(JSON.stringify(body)) > LIMITS.viewBytes;
}

function reporter(errors: string[]): (pointer: string, message: string) => void {
  return (pointer, message) => {
    errors.push(`[ERROR] ${message} [json-pointer:${pointer || '/'}]`);
  };
}

/** A `block_id` may stand once in a message or view, an `action_id` once in its block (reference pages of the elements). */
function reportDuplicates(
  blocks: readonly Json[],
  pointer: string,
  report: (pointer: string, message: string) => void,
): void {
  const once = (seen: Set<string>, kind: string, value: string, at: string) => {
    if (value !== '' && seen.has(value)) report(at, `\`${kind}\` "${value}" already exists`);
    seen.add(value);
  };
  const blockIds = new Set<string>();
  blocks.forEach((one, index) => {
    once(blockIds, 'block_id', textAt(one, 'block_id'), `${pointer}/${index}`);
    const actionIds = new Set<string>();
    for (const element of elementsOf(one))
      once(actionIds, 'action_id', textAt(element, 'action_id'), `${pointer}/${index}`);
  });
}

/** The interactive elements of a block: its elements, its accessory, its input. */
export function elementsOf(one: Json): Json[] {
  const single = [one.accessory, one.element].filter(isObject);
  return one.type === 'actions' ? objectsAt(one, 'elements') : single;
}
