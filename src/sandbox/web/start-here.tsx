import type { Channel } from '../workspace.ts';
import type { Scene } from './scene.ts';
import { hrefTo, maySee } from './sight.ts';
import { stories } from './stories.ts';

/**
 * What a newcomer can try, in the channel where everybody begins; in other empty ones, that they are empty. CSS takes it
 * away as soon as something was said there.
 */
export function StartHere({ scene }: { scene: Scene }) {
  const { channel } = scene.sight;
  return (
    <section id="start" aria-label="What to try first">
      {channel?.isGeneral ? <FirstSteps scene={scene} /> : <p className="note">Nothing was said here yet.</p>}
    </section>
  );
}

function FirstSteps({ scene }: { scene: Scene }) {
  const { sight, room, control } = scene;
  const incident = newestIncident(scene);
  const story = stories.find(({ title }) => title === control.story);
  const panel = (kind: 'pagerduty' | 'stories') => hrefTo(sight, { side: { kind } });
  return (
    <>
      <h2>{story ? story.title : 'A workspace to try Tocsin in'}</h2>
      {story ? <p>{story.about}</p> : null}
      <p>
        The bot is the real one; Slack, PagerDuty and the people are played on this machine. Nothing leaves
        it, and nothing can break.
      </p>
      <ol>
        <li>
          {incident ? <Done /> : null}
          <Declare scene={scene} /> or type <code>/incident declare</code> below.
          {incident ? (
            <>
              {' '}
              Go to{' '}
              <a href={`/as/${sight.user.name}/in/${incident.id}`}>
                #<span>{incident.name}</span>
              </a>
              .
            </>
          ) : null}
        </li>
        <li>
          Be <a href={`/as/bea/dm/${room.ws.users.get(room.ws.app.userId)?.name}`}>Bea</a>, who is on call:
          Tocsin writes to her. Press <b>Acknowledge</b>, or let <b>+5m</b> or <b>+15m</b> go by and see Cai
          paged.
        </li>
        <li>
          Or begin elsewhere: <a href={panel('pagerduty')}>raise an alert in PagerDuty</a>, or{' '}
          <a href={panel('stories')}>load a story</a> with incidents in it.
        </li>
      </ol>
    </>
  );
}

const Done = () => (
  <>
    <span aria-hidden="true">✔ </span>
    <span className="unseen">Done: </span>
  </>
);

/** The same shortcut as below the composer. */
function Declare({ scene: { sight, room } }: { scene: Scene }) {
  const shortcut = room.ws.app.shortcuts.find(
    ({ type, name }) => type === 'global' && /^declare/i.test(name),
  );
  if (!shortcut || !sight.channel) return <b>Declare an incident</b>;
  return (
    <button
      type="button"
      className="primary"
      hx-post={`/as/${sight.user.name}/in/${sight.channel.id}/shortcut`}
      hx-vals={JSON.stringify({ name: shortcut.name })}
      hx-swap="none"
    >
      Declare an incident
    </button>
  );
}

/** The newest of the channels that the bot made for incidents. */
function newestIncident({ sight, room }: Scene): Channel | undefined {
  const all = [...room.ws.channels.values()];
  return all.findLast((one) => /^inc-/.test(one.name) && !one.isArchived && maySee(sight.user, one));
}
