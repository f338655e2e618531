import type { Channel, User } from '../workspace.ts';
import { peopleIn } from './room.ts';
import type { Scene } from './scene.ts';
import { hrefTo, maySee } from './sight.ts';
import { unreadMax } from './unread.ts';

/** The left side: channels, direct messages, the app. */
export function ChannelList({ scene }: { scene: Scene }) {
  const { ws } = scene.room;
  const { user } = scene.sight;
  const channels = [...ws.channels.values()].filter((one) => !one.isIm && maySee(user, one));
  const standing = channels.filter(({ isArchived }) => !isArchived);
  const archived = channels.filter(({ isArchived }) => isArchived);
  return (
    <nav id="channels" aria-label="Channels and messages" data-unread={unreadOf(scene)}>
      <a className="from-channels" href="#main">
        ✕ Close
      </a>
      <h2>Channels</h2>
      <ul>
        {standing.map((channel) => (
          <Row key={channel.id} scene={scene} channel={channel} />
        ))}
      </ul>
      {archived.length > 0 ? <h2>Archived</h2> : null}
      <ul>
        {archived.map((channel) => (
          <Row key={channel.id} scene={scene} channel={channel} />
        ))}
      </ul>
      <h2>Direct messages</h2>
      <DirectMessages scene={scene} />
      <h2>App</h2>
      <ul>
        <li>
          <a
            href={hrefTo(scene.sight, { channel: null })}
            aria-current={scene.sight.channel === null ? 'page' : undefined}
          >
            <span aria-hidden="true">🏠</span> {ws.app.displayName} Home
          </a>
        </li>
      </ul>
    </nav>
  );
}

function DirectMessages({ scene }: { scene: Scene }) {
  const { ws, world } = scene.room;
  const { user } = scene.sight;
  const robot = ws.users.get(ws.app.userId);
  const others = [...(robot ? [robot] : []), ...peopleIn(world).filter(({ id }) => id !== user.id)];
  return (
    <ul>
      {others.map((other) => (
        <DirectRow key={other.id} scene={scene} other={other} />
      ))}
    </ul>
  );
}

function DirectRow({ scene, other }: { scene: Scene; other: User }) {
  const { ws } = scene.room;
  const { user } = scene.sight;
  const im = [...ws.channels.values()].find(
    (one) => one.isIm && one.members.has(user.id) && one.members.has(other.id),
  );
  if (im) return <Row scene={scene} channel={im} />;
  return (
    <li>
      <a href={`/as/${user.name}/dm/${other.name}`}>
        <span aria-hidden="true">●</span> <span className="channel-name">{other.realName}</span>
      </a>
    </li>
  );
}

function Row({ scene, channel }: { scene: Scene; channel: Channel }) {
  const { reads, sight } = scene;
  const isOpen = sight.channel?.id === channel.id;
  const { count, isForMe } = isOpen ? { count: 0, isForMe: false } : reads.unread(sight.user, channel);
  const many = count >= unreadMax ? `${unreadMax - 1}+` : String(count);
  const isIn = channel.members.has(sight.user.id);
  return (
    <li className={count > 0 ? 'unread' : isIn ? undefined : 'outside'}>
      <a href={hrefTo(sight, { channel, side: keptSide(scene) })} aria-current={isOpen ? 'page' : undefined}>
        <span aria-hidden="true">{markOf(channel)}</span>{' '}
        <span className="channel-name">{titleOf(scene, channel)}</span>
        {count > 0 ? (
          <span className={isForMe ? 'count for-me' : 'count'}>
            {many}
            <span className="unseen"> unread{isForMe ? ', for you' : ''}</span>
          </span>
        ) : null}
        {channel.isPrivate && !channel.isIm ? <span className="unseen"> (private)</span> : null}
      </a>
    </li>
  );
}

/** All that is unread before these eyes, apart from the conversation that is open: for the title of the tab. */
export function unreadOf({ room, reads, sight }: Scene): number {
  const mine = [...room.ws.channels.values()].filter(
    (one) => one.members.has(sight.user.id) && !one.isArchived && one.id !== sight.channel?.id,
  );
  return mine.reduce((sum, channel) => sum + reads.unread(sight.user, channel).count, 0);
}

/** Threads and details belong to a conversation; the panels stay while one walks about. */
function keptSide({ sight: { side } }: Scene): Scene['sight']['side'] {
  return side && ['thread', 'details'].includes(side.kind) ? null : side;
}

const markOf = (channel: Channel): string => (channel.isIm ? '●' : channel.isPrivate ? '🔒' : '#');

/** A channel's name, or the one with whom a direct message is. */
export function titleOf({ room, sight }: Scene, channel: Channel): string {
  if (!channel.isIm) return channel.name;
  const other = [...channel.members].find((id) => id !== sight.user.id) ?? sight.user.id;
  if (other === room.ws.app.userId) return room.ws.app.displayName;
  return room.ws.users.get(other)?.realName ?? other;
}
