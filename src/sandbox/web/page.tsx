import { renderToStaticMarkup } from 'react-dom/server';
import { objectsAt } from '../json.ts';
import type { View } from '../workspace.ts';
import { Blocks } from './blocks.tsx';
import { ChannelList, titleOf, unreadOf } from './channel-list.tsx';
import type { SlashCommand } from './commands.ts';
import { Composer, completionsFor } from './composer.tsx';
import { conversationItems, earlierThan } from './conversation.tsx';
import { Head } from './head.tsx';
import { Modal } from './modal.tsx';
import type { Scene } from './scene.ts';
import { Items, Side } from './side.tsx';
import { hrefTo, liveHref } from './sight.ts';
import { StartHere } from './start-here.tsx';
import { Top } from './top.tsx';
import { titleFor } from './unread.ts';

/** Where everything that the page loads is served from. */
const assets = '/assets';

/** The whole page, as one sight of the scene. */
export function pageHtml(scene: Scene, commands: readonly SlashCommand[]): string {
  return `<!doctype html>${renderToStaticMarkup(<Page scene={scene} commands={commands} />)}`;
}

function Page({ scene, commands }: { scene: Scene; commands: readonly SlashCommand[] }) {
  const { sight, room } = scene;
  const where = sight.channel ? `${sight.channel.isIm ? '' : '#'}${titleOf(scene, sight.channel)}` : 'Home';
  const title = `${where} · ${sight.user.realName} · Tocsin sandbox`;
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content='{"includeIndicatorCSS":false,"history":false}' />
        <title data-plain={title}>{titleFor(title, unreadOf(scene))}</title>
        <link rel="icon" href={`${assets}/icon.svg`} type="image/svg+xml" />
        <link rel="stylesheet" href={`${assets}/style.css`} />
        <link rel="stylesheet" href={`${assets}/blocks.css`} />
        {/* Not deferred: htmx would begin before its extension is there, now and then, and the page would never live. */}
        <script src={`${assets}/htmx.js`} />
        <script src={`${assets}/hx-sse.js`} />
        <script src={`${assets}/client.js`} type="module" />
        <script src={`${assets}/blocks.js`} type="module" />
      </head>
      <body className={sight.side ? 'with-side' : undefined}>
        <a className="skip" href="#main">
          Skip to the conversation
        </a>
        <Top scene={scene} />
        <div className="columns">
          <ChannelList scene={scene} />
          <Main scene={scene} />
          <Side scene={scene} />
        </div>
        <ModalRegion scene={scene} />
        <Troubles scene={scene} />
        <div id="menu" popover="auto" role="dialog" aria-label="Message actions" />
        <p id="offline" role="alert" hidden>
          The sandbox does not answer. Is npm run sandbox still running? This page tries again by itself.
        </p>
        <div
          id="live"
          hx-sse:connect={liveHref(sight, room.revision)}
          hx-swap="none"
          hx-config="sse.pauseOnBackground:false, sse.reconnectMaxDelay:3000"
          data-home={`/as/${sight.user.name}/`}
        />
        <Completions scene={scene} commands={commands} />
      </body>
    </html>
  );
}

function Main({ scene }: { scene: Scene }) {
  const { sight, room } = scene;
  if (!sight.channel) {
    return (
      <main id="main" tabIndex={-1}>
        <Head scene={scene} />
        <Home scene={scene} />
        <Composer scene={scene} />
      </main>
    );
  }
  const items = conversationItems(room.ws, sight.user, sight.channel, sight.last);
  return (
    <main id="main" tabIndex={-1}>
      <Head scene={scene} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by the keyboard. */}
      <section id="scroll" className="scroll" tabIndex={0} aria-label="Messages">
        <div>
          <Earlier scene={scene} count={earlierThan(sight.channel, items.length)} />
          <Items id="messages" items={items} label="Messages" isLive />
          <StartHere scene={scene} />
        </div>
      </section>
      <Composer scene={scene} />
    </main>
  );
}

function Earlier({ scene, count }: { scene: Scene; count: number }) {
  if (count === 0) return null;
  const { last } = scene.sight;
  return (
    <p className="earlier">
      <a href={hrefTo(scene.sight, { last: last * 4 })}>
        Show earlier messages ({count.toLocaleString('en')} more)
      </a>
    </p>
  );
}

/** The app's Home tab as this person sees it. */
export function Home({ scene }: { scene: Scene }) {
  const { ws } = scene.room;
  const { user } = scene.sight;
  const view: View | undefined = ws.views.get(ws.homes.get(user.id) ?? '');
  return (
    <div id="home" className="scroll">
      {view ? (
        <Blocks
          ws={ws}
          viewer={user}
          place={{ kind: 'view', view }}
          blocks={objectsAt(view.body, 'blocks')}
        />
      ) : (
        <p className="note">The app has not published a Home for you yet.</p>
      )}
    </div>
  );
}

/** The open modal of this person, or an empty place for one. */
export function ModalRegion({ scene }: { scene: Scene }) {
  return (
    <div id="modal">
      <Modal ws={scene.room.ws} viewer={scene.sight.user} />
    </div>
  );
}

/** What did not work, told to whoever did it. */
export function Troubles({ scene }: { scene: Scene }) {
  const { name } = scene.sight.user;
  return (
    <div id="troubles" role="alert">
      {scene.room.troublesOf(name).map(({ id, words }) => (
        <p key={id} className="trouble">
          {words}{' '}
          <button
            type="button"
            aria-label="Put this message away"
            hx-post={`/as/${name}/troubles/${id}`}
            hx-swap="none"
          >
            ✕
          </button>
        </p>
      ))}
    </div>
  );
}

function Completions({ scene, commands }: { scene: Scene; commands: readonly SlashCommand[] }) {
  const json = JSON.stringify(completionsFor(scene, commands)).replaceAll('<', '\\u003c');
  return (
    // biome-ignore lint/security/noDangerouslySetInnerHtml: JSON in which no tag can begin.
    <script id="completions" type="application/json" dangerouslySetInnerHTML={{ __html: json }} />
  );
}
