import { renderToStaticMarkup } from 'react-dom/server';
import { isObject, type Json, objectsAt, textAt } from '../json.ts';
import type { Place } from '../payloads.ts';
import { actionName, blockName, placeKey } from '../places.ts';
import type { User, Workspace } from '../workspace.ts';
import { type Around, inputId, Trouble } from './block-around.tsx';
import { BlockElement } from './block-elements.tsx';
import { Drawn, plainWords, Words } from './drawn.tsx';

interface BlocksProps {
  ws: Workspace;
  viewer: User;
  place: Place;
  blocks: readonly Json[];
}

/**
 * Blocks as this person sees them, with controls that act on them at this place. A block that cannot be drawn stands
 * there as its JSON with the reason. With another version of the blocks, what was chosen in a message is forgotten; a
 * view remembers by itself.
 */
export function Blocks({ ws, viewer, place, blocks }: BlocksProps) {
  const around: Around = { ws, viewer, place, isModal: place.kind === 'view' && place.view.type === 'modal' };
  const trouble = place.kind === 'view' && !around.isModal ? place.view.errors[''] : undefined;
  return (
    <div className="bk" data-version={place.kind === 'view' ? undefined : numberOf(blocks)}>
      {trouble ? <Trouble words={trouble} /> : null}
      {blocks.map((block, index) => (
        <SafeBlock key={blockName(block, index)} around={around} block={block} index={index} />
      ))}
    </div>
  );
}

let lastNumber = 0;
const numbers = new WeakMap<object, number>();

/** A number for each array of blocks: an edit brings a new array. */
export function numberOf(blocks: object): number {
  const known = numbers.get(blocks);
  if (known !== undefined) return known;
  lastNumber += 1;
  numbers.set(blocks, lastNumber);
  return lastNumber;
}

interface BlockProps {
  around: Around;
  block: Json;
  index: number;
}

/** Drawn apart from the rest of the page: what the library throws ends here. */
function SafeBlock(props: BlockProps) {
  try {
    const html = renderToStaticMarkup(<OneBlock {...props} />);
    // biome-ignore lint/security/noDangerouslySetInnerHtml: React drew it, every text in it is escaped
    return <div className="bk-block" dangerouslySetInnerHTML={{ __html: html }} />;
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return (
      <details className="bk-block bk-broken">
        <summary>This block cannot be shown here: {reason}</summary>
        <pre>{JSON.stringify(props.block, null, 2)}</pre>
      </details>
    );
  }
}

function OneBlock(props: BlockProps) {
  const { around, block } = props;
  switch (block.type) {
    case 'section':
      return <Section {...props} />;
    case 'header':
      return <Header {...props} />;
    case 'divider':
    case 'rich_text':
    case 'markdown':
    case 'table':
      return <Drawn {...around} block={block} />;
    case 'context':
      return <Context {...props} />;
    case 'actions':
      return (
        <div className="bk-actions">
          <Elements {...props} elements={objectsAt(block, 'elements')} />
        </div>
      );
    case 'image':
      return <Picture {...props} image={block} />;
    case 'input':
      return <Input {...props} />;
    default:
      throw new Error(`there is no way to draw a block of type ${JSON.stringify(block.type)}`);
  }
}

/** One level below what stands over it: the page's heading, or the modal's title. */
function Header({ around, block }: BlockProps) {
  const words = <Words {...around} text={block.text} />;
  return around.isModal ? <h3 className="bk-header">{words}</h3> : <h2 className="bk-header">{words}</h2>;
}

function Elements({ around, block, index, elements }: BlockProps & { elements: readonly Json[] }) {
  const place = placeKey(around.place);
  return elements.map((element, at) => {
    const action = actionName(element, at);
    const spot = { place, block: blockName(block, index), action };
    return <BlockElement key={action} around={around} block={block} element={element} spot={spot} />;
  });
}

function Section(props: BlockProps) {
  const { around, block } = props;
  if (!isObject(block.text) && !Array.isArray(block.fields))
    throw new Error('it has neither text nor fields');
  const accessory = isObject(block.accessory) ? block.accessory : null;
  return (
    <div className="bk-section">
      <div className="bk-section-text">
        <Words {...around} text={block.text} />
        {Array.isArray(block.fields) ? (
          <div className="bk-fields">
            {objectsAt(block, 'fields').map((field, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: fields have no names, and are never drawn again
              <Words key={at} {...around} text={field} />
            ))}
          </div>
        ) : null}
      </div>
      {accessory ? (
        <div className="bk-accessory">
          {accessory.type === 'image' ? (
            <Picture {...props} image={accessory} />
          ) : (
            <Elements {...props} elements={[accessory]} />
          )}
        </div>
      ) : null}
    </div>
  );
}

function Context(props: BlockProps) {
  return (
    <div className="bk-context">
      {objectsAt(props.block, 'elements').map((element, at) =>
        element.type === 'image' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: they have no names, and are never drawn again
          <Picture key={at} {...props} image={element} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: they have no names, and are never drawn again
          <Words key={at} {...props.around} text={element} />
        ),
      )}
    </div>
  );
}

/** A picture of this workspace; one of another host is named, as nothing is fetched from there. */
function Picture({ around, image }: BlockProps & { image: Json }) {
  const alt = textAt(image, 'alt_text');
  const title = plainWords(image.title);
  const url = textAt(image, 'image_url');
  const file = isObject(image.slack_file) ? textAt(image.slack_file, 'id') : '';
  return (
    <figure className="bk-image">
      {title ? <figcaption>{title}</figcaption> : null}
      {around.ws.files.has(file) ? (
        <img src={`/as/${around.viewer.name}/files/${file}`} alt={alt} loading="lazy" />
      ) : (
        <PictureElsewhere url={url} alt={alt} />
      )}
    </figure>
  );
}

function PictureElsewhere({ url, alt }: { url: string; alt: string }) {
  const why = 'A picture on another host. Nothing is fetched from there.';
  if (!/^https?:/i.test(url)) return <span title={why}>🖼 {alt}</span>;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer" title={why}>
      🖼 {alt}
    </a>
  );
}

function Input(props: BlockProps) {
  const { around, block, index } = props;
  const element = isObject(block.element) ? block.element : {};
  const id = inputId(around, blockName(block, index));
  const { place } = around;
  const complaint = place.kind === 'view' ? place.view.errors[textAt(block, 'block_id')] : undefined;
  const hint = plainWords(block.hint);
  const words = (
    <>
      {plainWords(block.label)}
      {block.optional === true ? <span className="bk-optional"> (optional)</span> : null}
    </>
  );
  const isGroup = /^(radio_buttons|checkboxes|multi_|external_)/.test(textAt(element, 'type'));
  return (
    <div className={complaint ? 'bk-input bk-wrong' : 'bk-input'}>
      {isGroup ? (
        <span className="bk-label" id={`${id}-label`}>
          {words}
        </span>
      ) : (
        <label className="bk-label" htmlFor={id}>
          {words}
        </label>
      )}
      <Elements {...props} elements={[element]} />
      {hint ? (
        <p className="bk-hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {complaint ? (
        <p className="bk-complaint" id={`${id}-complaint`} role="alert">
          <span aria-hidden="true">⚠ </span>
          {complaint}
        </p>
      ) : null}
    </div>
  );
}
