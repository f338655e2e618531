import type { AriaAttributes, ReactNode } from 'react';
import { heldIn, VALUE_KEYS } from '../form.ts';
import type { Json } from '../json.ts';
import { isObject, objectsAt, textAt } from '../json.ts';
import type { Place } from '../payloads.ts';
import type { Spot } from '../places.ts';
import { type Eyesight, plainWords, Words } from './drawn.tsx';

/** Where blocks stand, and before whom. */
export interface Around extends Eyesight {
  place: Place;
  /** Controls belong to the modal's form. */
  isModal: boolean;
}

/** One interactive element. */
export interface ElementProps {
  around: Around;
  block: Json;
  element: Json;
  spot: Spot;
}

/** The element id of an input block's control. */
export const inputId = ({ place }: Around, block: string): string => {
  const view = place.kind === 'view' ? place.view.id : 'message';
  return `in-${view}-${encodeURIComponent(block).replaceAll('%', '_')}`;
};

/** The name of an element's control in a form; the routes read it with `fieldFrom`. */
export const fieldName = ({ block, action }: Spot): string => JSON.stringify([block, action]);

/** Its block and action again, or null for any other field. */
export function fieldFrom(name: string): { block: string; action: string } | null {
  if (!name.startsWith('[')) return null;
  const [block, action] = parsedList(name);
  return typeof block === 'string' && typeof action === 'string' ? { block, action } : null;
}

function parsedList(text: string): unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

/** What stands in the element: in a view what was entered, else its initial value. */
export function heldBy({ around, block, element }: ElementProps): unknown {
  if (around.place.kind === 'view') return heldIn(around.place.view, block, element);
  return element[VALUE_KEYS[textAt(element, 'type')]?.initial ?? ''] ?? null;
}

/** The values of options, or ids, that are chosen. */
export function valuesHeld(props: ElementProps): string[] {
  const held = heldBy(props);
  const list: readonly unknown[] = Array.isArray(held) ? held : [held];
  return list.flatMap((one) => (isObject(one) ? textAt(one, 'value') : typeof one === 'string' ? one : []));
}

/** The options that are chosen, whole. */
export function optionsHeld(props: ElementProps): Json[] {
  const held = heldBy(props);
  return (Array.isArray(held) ? held : [held]).filter(isObject);
}

/** What a screen reader says about a control: an input block has words next to it, others their placeholder. */
export function ariaOf(
  { around, block, element, spot }: ElementProps,
  isGroup = false,
): AriaAttributes & { id?: string } {
  if (block.type !== 'input') return { 'aria-label': placeholderOf(element) || labelOf(block) };
  const id = inputId(around, spot.block);
  const { place } = around;
  const isWrong = place.kind === 'view' && place.view.errors[textAt(block, 'block_id')] !== undefined;
  const about = [block.hint ? `${id}-hint` : '', isWrong ? `${id}-complaint` : ''].filter(Boolean).join(' ');
  return {
    ...(isGroup ? { 'aria-labelledby': `${id}-label` } : { id }),
    ...(about === '' ? {} : { 'aria-describedby': about }),
    ...(isWrong && !isGroup ? { 'aria-invalid': true } : {}),
    ...(block.optional === true || isGroup ? {} : { 'aria-required': true }),
  };
}

export const placeholderOf = (element: Json): string => plainWords(element.placeholder);

function labelOf(block: Json): string {
  const words = plainWords(block.text) || objectsAt(block, 'fields').map(plainWords).join(' ');
  return (
    words
      .replace(/[*_~`]/g, '')
      .split('\n')[0]
      ?.slice(0, 100) || 'Choose'
  );
}

/** Whether choosing here tells the app at once. */
export const isSent = ({ block }: ElementProps): boolean =>
  block.type !== 'input' || block.dispatch_action === true;

/**
 * Around the controls of an element that holds a value. Outside a modal it is a form of its own: radio buttons of two
 * messages are two groups.
 */
export function Holder({ children, ...props }: ElementProps & { children: ReactNode }) {
  const { around, element, spot } = props;
  const attributes = {
    className: `bk-el bk-${textAt(element, 'type')}`,
    'data-spot': JSON.stringify(spot),
    'data-choose': isSent(props) ? textAt(element, 'type') : undefined,
  };
  const inside = (
    <>
      <input type="hidden" name="fields" value={fieldName(spot)} />
      {children}
      <Confirm {...props} />
    </>
  );
  return around.isModal ? <div {...attributes}>{inside}</div> : <form {...attributes}>{inside}</form>;
}

/** The question before an element acts; client.js opens it. */
export function Confirm({ around, element }: ElementProps) {
  const { confirm } = element;
  if (!isObject(confirm)) return null;
  const style = confirm.style === 'danger' ? 'danger' : 'primary';
  return (
    <dialog className="bk-confirm" aria-label={plainWords(confirm.title)}>
      <h2>{plainWords(confirm.title)}</h2>
      <Words {...around} text={confirm.text} />
      <div className="bk-confirm-buttons">
        <button type="button" className="bk-button" data-answer="no">
          {plainWords(confirm.deny)}
        </button>
        <button type="button" className={`bk-button ${style}`} data-answer="yes">
          {plainWords(confirm.confirm)}
        </button>
      </div>
    </dialog>
  );
}

export function Trouble({ words }: { words: string }) {
  return (
    <p className="bk-trouble" role="alert">
      <span aria-hidden="true">⚠ </span>
      {words}
    </p>
  );
}
