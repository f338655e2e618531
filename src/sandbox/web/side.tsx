import { renderToStaticMarkup } from 'react-dom/server';
import { findMessage } from '../messages.ts';
import type { Message } from '../workspace.ts';
import { callItems } from './call-log.tsx';
import { ThreadComposer } from './composer.tsx';
import { threadItems } from './conversation.tsx';
import { Details } from './head.tsx';
import type { Item } from './item-list.ts';
import { PagerDutyLive, PagerDutyPanel } from './pagerduty-panel.tsx';
import { Profile } from './profile.tsx';
import type { Scene } from './scene.ts';
import { hrefTo } from './sight.ts';
import { stories } from './stories.ts';
import { WeatherLive, WeatherPanel } from './weather-panel.tsx';

/** The right side: thread, profile, details or a panel; nothing where nothing was asked for. */
export function Side({ scene }: { scene: Scene }) {
  const { side } = scene.sight;
  if (!side) return null;
  return (
    <aside id="side" aria-labelledby="side-title">
      <div className="side-head">
        <h2 id="side-title">{titles[side.kind]}</h2>
        <a href={hrefTo(scene.sight, { side: null })} aria-label={`Close ${titles[side.kind]}`}>
          ✕
        </a>
      </div>
      <div className="side-body">
        <SideBody scene={scene} />
      </div>
    </aside>
  );
}

const titles = {
  thread: 'Thread',
  profile: 'Profile',
  details: 'About this channel',
  pagerduty: 'PagerDuty',
  weather: 'Weather',
  log: 'API calls',
  stories: 'Stories',
} as const;

function SideBody({ scene }: { scene: Scene }) {
  const { side } = scene.sight;
  switch (side?.kind) {
    case 'thread':
      return <Thread scene={scene} />;
    case 'profile':
      return <Profile scene={scene} userId={side.userId} />;
    case 'details':
      return <Details scene={scene} />;
    case 'pagerduty':
      return <PagerDutyPanel scene={scene} />;
    case 'weather':
      return <WeatherPanel scene={scene} />;
    case 'stories':
      return <Stories scene={scene} />;
    case 'log':
      return (
        <>
          <p className="note">What the bot asked of Slack and PagerDuty, the newest first.</p>
          <Items id="log" items={callItems(scene)} />
        </>
      );
    case undefined:
      return null;
  }
}

interface ItemsProps {
  id: string;
  items: readonly Item[];
  label?: string;
  /** A screen reader reads what is added. */
  isLive?: boolean;
}

/** A list of what `Item`s draw themselves. */
export function Items({ id, items, label, isLive = false }: ItemsProps) {
  return (
    <ol
      id={id}
      aria-label={label}
      aria-live={isLive ? 'polite' : undefined}
      aria-relevant={isLive ? 'additions' : undefined}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: each item is markup that React has escaped.
      dangerouslySetInnerHTML={{ __html: items.map(({ html }) => html()).join('') }}
    />
  );
}

/** The message that the thread hangs on, or undefined. */
export function threadRoot({ sight: { channel, side } }: Scene): Message | undefined {
  return channel && side?.kind === 'thread' ? findMessage(channel, side.ts) : undefined;
}

function Thread({ scene }: { scene: Scene }) {
  const root = threadRoot(scene);
  const { channel, user } = scene.sight;
  if (!root || !channel) return <p className="note">This message is gone.</p>;
  return (
    <>
      <Items id="thread" items={threadItems(scene.room.ws, user, channel, root)} label="Thread" isLive />
      <ThreadComposer scene={scene} threadTs={root.ts} />
    </>
  );
}

function Stories({ scene }: { scene: Scene }) {
  return (
    <>
      <p className="note">Each one begins in a new workspace: what you see now goes away.</p>
      <ul className="cards">
        {stories.map(({ name, title, about }) => (
          <li key={name}>
            <b>{title}</b>
            <p>{about}</p>
            <button type="button" hx-post={`/as/${scene.sight.user.name}/stories/${name}`} hx-swap="none">
              Load
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What changes at the right by itself, in an element `side-live`; null where there is none. */
export function sideLive(scene: Scene): string | null {
  switch (scene.sight.side?.kind) {
    case 'details':
      return renderToStaticMarkup(<Details scene={scene} />);
    case 'pagerduty':
      return renderToStaticMarkup(<PagerDutyLive scene={scene} />);
    case 'weather':
      return renderToStaticMarkup(<WeatherLive scene={scene} />);
    default:
      return null;
  }
}
