import { elementsOf } from './blockkit.ts';
import { optionsOf } from './form.ts';
import type { Json } from './json.ts';
import { isObject, objectsAt, textAt } from './json.ts';
import type { Place } from './payloads.ts';
import { textOf } from './render.ts';
import type { Workspace } from './workspace.ts';

/** Something that can be pressed or picked, and the action it sends. */
export interface Choice {
  label: string;
  place: Place;
  action: Json;
}

function blocksOf(place: Place): Json[] {
  if (place.kind === 'view') return objectsAt(place.view.body, 'blocks');
  return place.kind === 'message' ? place.message.blocks : place.ephemeral.blocks;
}

/** Everything in this place that has words on it: buttons, options of menus, radio buttons and checkboxes. */
export function choicesIn(ws: Workspace, place: Place): Choice[] {
  return blocksOf(place).flatMap((block) =>
    block.type === 'input' && block.dispatch_action !== true
      ? []
      : elementsOf(block).flatMap((element) => {
          const base = {
            type: element.type,
            action_id: element.action_id ?? '',
            block_id: block.block_id ?? '',
          };
          return pressable(ws, element).map(({ label, chosen }) => ({
            label,
            place,
            action: { ...base, ...chosen },
          }));
        }),
  );
}

function pressable(ws: Workspace, element: Json): { label: string; chosen: Json }[] {
  const { text, value, style } = element;
  if (element.type === 'button') {
    const chosen = {
      text,
      ...(value === undefined ? {} : { value }),
      ...(style === undefined ? {} : { style }),
    };
    return [{ label: textOf(ws, text), chosen }];
  }
  const isList = element.type === 'checkboxes';
  return optionsOf(element).map((option) => ({
    label: textOf(ws, option.text),
    chosen: isList ? { selected_options: [option] } : { selected_option: option },
  }));
}

/** The action of choosing a person in a `users_select` whose placeholder or label reads so, or null. */
export function pickUser(ws: Workspace, place: Place, label: string, userId: string): Choice | null {
  for (const block of blocksOf(place)) {
    for (const element of elementsOf(block)) {
      const words = textOf(ws, element.placeholder) || textOf(ws, block.label);
      if (element.type !== 'users_select' || !isObject(element) || words !== label) continue;
      const ids = { action_id: textAt(element, 'action_id'), block_id: textAt(block, 'block_id') };
      return { label, place, action: { type: 'users_select', ...ids, selected_user: userId } };
    }
  }
  return null;
}
