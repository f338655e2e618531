import type { Json } from '../json.ts';
import { isObject, objectsAt, textAt } from '../json.ts';
import type { Channel, User, Workspace } from '../workspace.ts';
import {
  type Around,
  ariaOf,
  type ElementProps,
  fieldName,
  Holder,
  optionsHeld,
  placeholderOf,
  valuesHeld,
} from './block-around.tsx';
import { plainWords, Words } from './drawn.tsx';

/** Elements in which one chooses among things. */

/** Radio buttons and checkboxes. */
export function Choices(props: ElementProps) {
  const { around, element, spot } = props;
  const held = valuesHeld(props);
  const isMany = element.type === 'checkboxes';
  return (
    <Holder {...props}>
      <div className="bk-choices" role={isMany ? 'group' : 'radiogroup'} {...ariaOf(props, true)}>
        {objectsAt(element, 'options').map((option) => (
          <label key={textAt(option, 'value')} className="bk-choice">
            <input
              type={isMany ? 'checkbox' : 'radio'}
              name={fieldName(spot)}
              value={textAt(option, 'value')}
              defaultChecked={held.includes(textAt(option, 'value'))}
            />
            <span>
              <Words {...around} text={option.text} />
              {option.description ? (
                <span className="bk-description">
                  <Words {...around} text={option.description} />
                </span>
              ) : null}
            </span>
          </label>
        ))}
      </div>
    </Holder>
  );
}

interface Offer {
  value: string;
  words: string;
  description?: string;
}

interface OfferGroup {
  label: string | null;
  offers: Offer[];
}

/** A select of one thing that is known before it is opened. */
export function OneFromList(props: ElementProps) {
  const { element, spot } = props;
  const [held = ''] = valuesHeld(props);
  return (
    <Holder {...props}>
      <select className="bk-select" name={fieldName(spot)} defaultValue={held} {...ariaOf(props)}>
        <option value="">{placeholderOf(element) || 'Choose an option'}</option>
        {groupsOf(props).map(({ label, offers }) => {
          const options = offers.map(({ value, words }) => (
            <option key={value} value={value}>
              {words}
            </option>
          ));
          if (label === null) return options;
          return (
            <optgroup key={label} label={label}>
              {options}
            </optgroup>
          );
        })}
      </select>
    </Holder>
  );
}

/** Longer lists have a field to search them. */
const searchedFrom = 8;

/** A select of several things, or of one that the app is asked for: a list that opens. */
export function ManyFromList(props: ElementProps) {
  const { element, spot } = props;
  const type = textAt(element, 'type');
  const isExternal = type.endsWith('external_select');
  const held = valuesHeld(props);
  const groups = isExternal ? [{ label: null, offers: optionsHeld(props).map(offerOf) }] : groupsOf(props);
  const offers = groups.flatMap((group) => group.offers);
  const chosen = offers.filter(({ value }) => held.includes(value)).map(({ words }) => words);
  const empty = placeholderOf(element) || 'Choose options';
  return (
    <Holder {...props}>
      <details className="bk-list" data-max={maxOf(element)} data-empty={empty}>
        <summary className="bk-select">{chosen.join(', ') || empty}</summary>
        <fieldset className="bk-list-box" {...ariaOf(props, true)}>
          {isExternal ? <Search asks={minimumOf(element)} /> : null}
          {!isExternal && offers.length >= searchedFrom ? <Search /> : null}
          <div data-offers="">
            {groups.map(({ label, offers: inGroup }) => (
              <Offers
                key={label ?? ''}
                label={label}
                offers={inGroup}
                name={fieldName(spot)}
                isMany={type.startsWith('multi_')}
                held={held}
              />
            ))}
          </div>
          <p className="bk-hint" role="status" data-told="" />
        </fieldset>
      </details>
    </Holder>
  );
}

const maxOf = ({ max_selected_items: max }: Json): number | undefined =>
  typeof max === 'number' ? max : undefined;

/** Slack's default, https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element. */
const minimumDefault = 3;
const minimumOf = ({ min_query_length: least }: Json): number =>
  typeof least === 'number' ? least : minimumDefault;

function Search({ asks }: { asks?: number }) {
  const words = asks ? `Type at least ${asks} letters to search` : 'Search';
  return (
    <input
      type="search"
      className="bk-search"
      aria-label={words}
      placeholder={words}
      data-search={asks ?? ''}
    />
  );
}

interface OffersProps {
  label: string | null;
  offers: readonly Offer[];
  name: string;
  isMany: boolean;
  held: readonly string[];
}

/** Things to tick, or to choose one of. */
export function Offers({ label, offers, name, isMany, held }: OffersProps) {
  return (
    <>
      {label === null ? null : <p className="bk-group">{label}</p>}
      {offers.map(({ value, words, description }) => (
        <label key={value} className="bk-choice">
          <input
            type={isMany ? 'checkbox' : 'radio'}
            name={name}
            value={value}
            defaultChecked={held.includes(value)}
          />
          <span>
            {words}
            {description ? <small className="bk-description">{description}</small> : null}
          </span>
        </label>
      ))}
    </>
  );
}

/** An option as it is offered. */
export const offerOf = (option: Json): Offer => ({
  value: textAt(option, 'value'),
  words: plainWords(option.text),
  description: plainWords(option.description),
});

function groupsOf({ around, element }: ElementProps): OfferGroup[] {
  const type = textAt(element, 'type');
  if (type.endsWith('users_select')) return [{ label: null, offers: peopleOf(around) }];
  if (type.endsWith('channels_select') || type.endsWith('conversations_select')) {
    const isChannels = type.endsWith('channels_select');
    return [
      { label: null, offers: conversationsOf(around, isChannels ? { include: ['public'] } : element.filter) },
    ];
  }
  const flat = objectsAt(element, 'options').map(offerOf);
  const groups = objectsAt(element, 'option_groups').map((group) => ({
    label: plainWords(group.label),
    offers: objectsAt(group, 'options').map(offerOf),
  }));
  return flat.length > 0 ? [{ label: null, offers: flat }, ...groups] : groups;
}

const peopleOf = ({ ws }: Around): Offer[] =>
  [...ws.users.values()]
    .filter((user) => !user.deleted && !user.isBot)
    .map((user) => ({
      value: user.id,
      words:
        user.realName && user.realName !== user.name ? `@${user.name} (${user.realName})` : `@${user.name}`,
    }));

function conversationsOf({ ws, viewer }: Around, filter: unknown): Offer[] {
  const include = isObject(filter) && Array.isArray(filter.include) ? filter.include : null;
  const isWanted = (channel: Channel): boolean => {
    const kind = channel.isIm ? 'im' : channel.isPrivate ? 'private' : 'public';
    return !include || include.includes(kind);
  };
  return [...ws.channels.values()]
    .filter((one) => !one.isArchived && (one.members.has(viewer.id) || !(one.isPrivate || one.isIm)))
    .filter(isWanted)
    .map((one) => ({ value: one.id, words: one.isIm ? imWords(ws, viewer, one) : `#${one.name}` }));
}

function imWords(ws: Workspace, viewer: User, im: Channel): string {
  const other = [...im.members].find((id) => id !== viewer.id) ?? viewer.id;
  return `@${ws.users.get(other)?.name ?? other}`;
}
