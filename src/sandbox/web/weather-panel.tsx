import type { Scene } from './scene.ts';
import { maySee } from './sight.ts';
import type { SlackWeather } from './weather.ts';

const kinds: readonly (readonly [SlackWeather, string, string])[] = [
  ['fine', 'Fine', 'every call is served'],
  ['slow', 'Slow', 'every call takes 2.5 s'],
  ['limited', 'Rate-limited', 'every call: 429, try again in 10 s'],
  ['down', 'Down', 'every call: 503'],
];

/** What goes wrong on demand, with Slack and with the bot. */
export function WeatherPanel({ scene }: { scene: Scene }) {
  const base = `/as/${scene.sight.user.name}/weather`;
  return (
    <>
      <WeatherLive scene={scene} />
      <form className="stack" hx-post={`${base}/mishap`} hx-swap="none">
        <h3>Events on their way to the bot</h3>
        <div className="row">
          <label>
            The next
            <input name="times" type="number" min={1} max={100} defaultValue={1} />
          </label>
          <label>
            are
            <select name="kind">
              <option value="drop">lost</option>
              <option value="duplicate">sent twice</option>
              <option value="hold">held back</option>
            </select>
          </label>
          <button type="submit">Do it</button>
        </div>
        <button type="button" hx-post={`${base}/release`} hx-swap="none">
          Send what was held back
        </button>
      </form>
    </>
  );
}

/** The list of channels grows with the incidents: it lives. */
function Kick({ scene: { sight, room } }: { scene: Scene }) {
  const { ws } = room;
  const withBot = [...ws.channels.values()].filter(
    (one) => !one.isIm && !one.isArchived && one.members.has(ws.app.userId) && maySee(sight.user, one),
  );
  return (
    <form className="stack" hx-post={`/as/${sight.user.name}/weather/kick`} hx-swap="none">
      <h3>Drop the bot from a channel</h3>
      <div className="row">
        <label>
          <span className="unseen">Channel</span>
          <select name="channel">
            {withBot.map(({ id, name }) => (
              <option key={id} id={`kick-${id}`} value={id}>
                #{name}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" disabled={withBot.length === 0}>
          Remove it
        </button>
      </div>
    </form>
  );
}

/** How it is now, and what changes it at once. */
export function WeatherLive({ scene }: { scene: Scene }) {
  const { control, sight } = scene;
  const base = `/as/${sight.user.name}/weather`;
  const isDown = control.bot.state === 'stopped' || control.bot.state === 'no-answer';
  return (
    <div id="side-live">
      <h3>Slack, as the bot finds it</h3>
      <fieldset className="segments" aria-label="Slack's weather">
        {kinds.map(([kind, title, about]) => (
          <button
            key={kind}
            type="button"
            aria-pressed={control.weather.slack === kind}
            title={about}
            hx-post={`${base}/slack`}
            hx-vals={JSON.stringify({ kind })}
            hx-swap="none"
          >
            {title}
          </button>
        ))}
      </fieldset>
      <p className="note">{kinds.find(([kind]) => kind === control.weather.slack)?.[2]}</p>
      <h3>The bot's process</h3>
      <div className="row">
        <button type="button" disabled={isDown} hx-post={`${base}/kill`} hx-swap="none">
          Kill it now
        </button>
        <button
          type="button"
          disabled={isDown || control.bot.isDoomed}
          hx-post={`${base}/doom`}
          hx-swap="none"
        >
          Kill it in the middle of its work
        </button>
        <button type="button" hx-post={`${base}/start`} hx-swap="none">
          {isDown ? 'Start it' : 'Restart it'}
        </button>
      </div>
      <p className="note">
        {control.bot.isDoomed
          ? 'It dies at its next message: Slack takes the message, the bot never learns that it did.'
          : 'It comes back on the same database.'}
      </p>
      <Kick scene={scene} />
      <p role="status">{control.weather.note}</p>
    </div>
  );
}
