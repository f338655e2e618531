import { Avatar } from './message.tsx';
import type { Scene } from './scene.ts';

/** Who somebody is. */
export function Profile({ scene, userId }: { scene: Scene; userId: string }) {
  const { ws } = scene.room;
  const user = ws.users.get(userId);
  if (!user) return <p className="note">There is nobody with this id.</p>;
  const groups = [...ws.groups.values()].filter(({ users }) => users.includes(user.id));
  return (
    <div className="profile">
      <Avatar ws={ws} userId={user.id} name={user.realName} />
      <h3>{user.realName}</h3>
      <dl>
        <dt>Handle</dt>
        <dd>@{user.name}</dd>
        <dt>E-mail</dt>
        <dd>{user.email}</dd>
        <dt>Time zone</dt>
        <dd>{user.tz}</dd>
        {user.isBot ? <Commands scene={scene} /> : null}
        {groups.length > 0 ? (
          <>
            <dt>Groups</dt>
            <dd>{groups.map(({ handle }) => `@${handle}`).join(', ')}</dd>
          </>
        ) : null}
      </dl>
      {user.id === scene.sight.user.id ? (
        <p className="note">This is you.</p>
      ) : (
        <a href={`/as/${scene.sight.user.name}/dm/${user.name}`}>Message</a>
      )}
    </div>
  );
}

function Commands({ scene }: { scene: Scene }) {
  const { commands, shortcuts } = scene.room.ws.app;
  return (
    <>
      <dt>Commands</dt>
      <dd>{commands.join(', ')}</dd>
      <dt>Shortcuts</dt>
      <dd>{shortcuts.map(({ name }) => name).join(', ')}</dd>
    </>
  );
}
