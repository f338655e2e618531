import { nameOf } from '../render.ts';
import { dayWords, timeWords, zoneWords } from './block-dates.ts';
import type { BotState } from './bot-watch.ts';
import { peopleIn } from './room.ts';
import type { Scene } from './scene.ts';
import { hrefTo, maySee, type Sight } from './sight.ts';
import type { SlackWeather } from './weather.ts';

const steps = ['1m', '5m', '15m', '1h'] as const;

/** The line above everything: who one is, what time it is, how the bot does. */
export function Top({ scene }: { scene: Scene }) {
  return (
    <header id="top">
      <a className="logo" href={hrefTo(scene.sight, { side: null })}>
        🔔 {nameOf(scene.room.ws, scene.room.ws.app.userId)}
      </a>
      <WhoIAm scene={scene} />
      <Clock scene={scene} />
      <Health scene={scene} />
      <Panels sight={scene.sight} />
    </header>
  );
}

function WhoIAm({ scene }: { scene: Scene }) {
  const { sight } = scene;
  return (
    <nav className="people" aria-label="Who you are">
      <span id="you-are" className="unseen">
        You are
      </span>
      <ul aria-labelledby="you-are">
        {peopleIn(scene.room.world).map((user) => {
          const channel =
            sight.channel && !sight.channel.isIm && maySee(user, sight.channel) ? sight.channel : undefined;
          const href = channel
            ? hrefTo(sight, { user, channel, side: sight.side })
            : sight.channel
              ? `/as/${user.name}/`
              : hrefTo(sight, { user });
          return (
            <li key={user.id}>
              <a href={href} aria-current={user.id === sight.user.id ? 'true' : undefined}>
                {user.realName}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function Clock({ scene }: { scene: Scene }) {
  const { control, room, sight } = scene;
  const at = room.ws.clock.now();
  const { tz } = sight.user;
  const base = `/as/${sight.user.name}/clock`;
  return (
    <fieldset className="clock" aria-label="The sandbox's clock">
      <time dateTime={new Date(Math.floor(at / 60_000) * 60_000).toISOString()}>
        <span className="day">{dayWords(at, tz)}</span> <b>{timeWords(at, tz)}</b> {zoneWords(at, tz)}
      </time>
      {steps.map((by) => (
        <button
          key={by}
          type="button"
          hx-post={`${base}/pass`}
          hx-vals={JSON.stringify({ by })}
          hx-swap="none"
        >
          +{by}
        </button>
      ))}
      <button
        type="button"
        title={control.isRunning ? 'Time goes by itself' : 'The clock stands still'}
        hx-post={`${base}/${control.isRunning ? 'pause' : 'run'}`}
        hx-swap="none"
      >
        {control.isRunning ? '⏸ pause' : '▶ run'}
      </button>
      <span className="job" role="status">
        {control.job ?? ''}
      </span>
    </fieldset>
  );
}

const botWords: Readonly<Record<BotState, string>> = {
  ready: '✔ Bot ready',
  'not-ready': '⚠ Bot not ready',
  'no-answer': '✖ Bot does not answer',
  stopped: '✖ Bot stopped',
};
const slackWords: Readonly<Record<SlackWeather, string>> = {
  fine: '',
  slow: '🐢 Slack is slow',
  limited: '⛔ Slack limits the bot',
  down: '✖ Slack is down for the bot',
};

function Health({ scene: { control, sight } }: { scene: Scene }) {
  const { bot, weather } = control;
  return (
    <div className="health" role="status">
      <a
        href={bot.healthUrl}
        target="_blank"
        rel="noreferrer"
        className={`bot-${bot.state}`}
        title="What the bot says of itself"
      >
        {botWords[bot.state]}
        {bot.why ? `: ${bot.why}` : ''}
      </a>
      {weather.slack === 'fine' ? null : <span className="bad-weather">{slackWords[weather.slack]}</span>}
      {bot.state === 'stopped' || bot.state === 'no-answer' ? (
        <button type="button" hx-post={`/as/${sight.user.name}/weather/start`} hx-swap="none">
          Start the bot
        </button>
      ) : null}
    </div>
  );
}

function Panels({ sight }: { sight: Sight }) {
  const panels = [
    ['stories', 'Stories'],
    ['pagerduty', 'PagerDuty'],
    ['weather', 'Weather'],
    ['log', 'API calls'],
  ] as const;
  return (
    <nav className="panels" aria-label="Panels">
      <ul>
        {panels.map(([kind, title]) => {
          const isOpen = sight.side?.kind === kind;
          return (
            <li key={kind}>
              <a
                href={hrefTo(sight, { side: isOpen ? null : { kind } })}
                aria-current={isOpen ? 'true' : undefined}
              >
                {title}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
