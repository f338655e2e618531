import type { ReactNode } from 'react';
import { objectsAt, textAt } from '../json.ts';
import { Confirm, type ElementProps } from './block-around.tsx';
import { Choices, ManyFromList, OneFromList } from './block-elements-choose.tsx';
import { DateInput, TextInput } from './block-elements-write.tsx';
import { plainWords } from './drawn.tsx';
import { isSafeAddress } from './mrkdwn.ts';

/**
 * The interactive elements as the browser's own controls. The library has them too, but they neither say what was
 * chosen nor work without React in the browser. Throws for a type that is not known.
 */
export function BlockElement(props: ElementProps) {
  const type = textAt(props.element, 'type');
  switch (type) {
    case 'button':
      return <Button {...props} />;
    case 'overflow':
      return <Overflow {...props} />;
    case 'radio_buttons':
    case 'checkboxes':
      return <Choices {...props} />;
    case 'static_select':
    case 'users_select':
    case 'channels_select':
    case 'conversations_select':
      return <OneFromList {...props} />;
    case 'external_select':
    case 'multi_static_select':
    case 'multi_external_select':
    case 'multi_users_select':
    case 'multi_channels_select':
    case 'multi_conversations_select':
      return <ManyFromList {...props} />;
    case 'datepicker':
    case 'timepicker':
    case 'datetimepicker':
      return <DateInput {...props} />;
    case 'plain_text_input':
    case 'number_input':
    case 'email_text_input':
    case 'url_text_input':
      return <TextInput {...props} />;
    default:
      throw new Error(`there is no way to draw an element of type ${JSON.stringify(type)}`);
  }
}

function Button(props: ElementProps) {
  const { element, spot } = props;
  const style = textAt(element, 'style');
  return (
    <span className="bk-el" data-spot={JSON.stringify(spot)}>
      <Pressed
        className={`bk-button ${style}`.trim()}
        url={textAt(element, 'url')}
        label={textAt(element, 'accessibility_label')}
      >
        {plainWords(element.text)}
      </Pressed>
      <Confirm {...props} />
    </span>
  );
}

interface PressedProps {
  className: string;
  children: ReactNode;
  url: string;
  label?: string;
  value?: string;
  role?: string;
}

/** A button, or a link that tells the app as well. */
function Pressed({ className, children, url, label, value, role }: PressedProps) {
  const common = { className, role, 'aria-label': label || undefined, 'data-press': value ?? '' };
  return isSafeAddress(url) ? (
    <a {...common} href={url} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  ) : (
    <button {...common} type="button">
      {children}
    </button>
  );
}

function Overflow(props: ElementProps) {
  const { element, spot } = props;
  return (
    <span className="bk-el" data-spot={JSON.stringify(spot)}>
      <button
        type="button"
        className="bk-button bk-more"
        aria-label="More actions"
        aria-haspopup="menu"
        aria-expanded={false}
        data-opens-menu=""
      >
        ⋯
      </button>
      <div className="bk-menu" role="menu" aria-label="More actions" popover="auto">
        {objectsAt(element, 'options').map((option) => (
          <Pressed
            key={textAt(option, 'value')}
            className="bk-menu-item"
            role="menuitem"
            url={textAt(option, 'url')}
            value={textAt(option, 'value')}
          >
            {plainWords(option.text)}
            {option.description ? <small>{plainWords(option.description)}</small> : null}
          </Pressed>
        ))}
      </div>
      <Confirm {...props} />
    </span>
  );
}
