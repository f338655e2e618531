import { renderToStaticMarkup } from 'react-dom/server';
import type { Call } from '../api.ts';
import { textAt } from '../json.ts';
import type { PagerDutyCall } from '../pagerduty-server.ts';
import { nameOf, readable } from '../render.ts';
import type { World } from '../start.ts';
import type { Workspace } from '../workspace.ts';
import { secondsWords } from './block-dates.ts';
import type { Item } from './item-list.ts';
import type { Scene } from './scene.ts';

/** Calls shown, the newest. */
const shownMax = 200;

/** A call of the bot to one of the two, and its place in that log. */
type Logged =
  | { to: 'slack'; number: number; call: Call }
  | { to: 'pagerduty'; number: number; call: PagerDutyCall };

/** The newest calls of the bot, the newest first, as elements of `#log`. */
export function callItems({ room, sight }: Scene): Item[] {
  const logged = newest(room.world);
  return logged.map((one) => ({
    id: `call-${one.to}-${one.number}`,
    mark: outcomeOf(one),
    html: () =>
      renderToStaticMarkup(
        <CallLine
          logged={one}
          base={`/as/${sight.user.name}/calls`}
          tz={sight.user.tz}
          gist={gistOf(room.ws, one)}
        />,
      ),
  }));
}

function newest({ slack, pagerduty }: World): Logged[] {
  const slackFrom = Math.max(0, slack.calls.length - shownMax);
  const pagerdutyFrom = Math.max(0, pagerduty.calls.length - shownMax);
  const all: Logged[] = [
    ...slack.calls
      .slice(slackFrom)
      .map((call, at) => ({ to: 'slack' as const, number: slackFrom + at, call })),
    ...pagerduty.calls
      .slice(pagerdutyFrom)
      .map((call, at) => ({ to: 'pagerduty' as const, number: pagerdutyFrom + at, call })),
  ];
  return all.sort((a, b) => b.call.at - a.call.at || b.number - a.number).slice(0, shownMax);
}

function outcomeOf({ to, call }: Logged): string {
  if (to === 'slack') return call.ok ? 'ok' : (call.error ?? '…');
  return call.status === 0 ? '…' : String(call.status);
}

function nameOfCall({ to, call }: Logged): string {
  return to === 'slack' ? call.method : call.route;
}

/** Longer ones are cut. */
const gistMax = 60;

/** Where, for whom, and the beginning of what was said: ten calls of one name are ten different ones. */
function gistOf(ws: Workspace, { to, call }: Logged): string {
  if (to === 'pagerduty') return call.id;
  const { args } = call;
  const first = (...keys: string[]) => keys.map((key) => textAt(args, key)).find((text) => text !== '') ?? '';
  const channel = ws.channels.get(first('channel', 'channel_id'));
  const user = ws.users.get(first('user', 'users', 'user_id'));
  const other = channel?.isIm ? [...channel.members].find((id) => id !== ws.app.userId) : undefined;
  const parts = [
    other ? `@${nameOf(ws, other)}` : channel ? `#${channel.name}` : '',
    user ? `@${user.name}` : '',
    readable(ws, first('text', 'topic', 'purpose', 'title', 'name')),
  ];
  const gist = parts.filter(Boolean).join(' ').replaceAll('\n', ' ');
  return gist.length > gistMax ? `${gist.slice(0, gistMax)}…` : gist;
}

interface LineProps {
  logged: Logged;
  base: string;
  tz: string;
  gist: string;
}

function CallLine({ logged, base, tz, gist }: LineProps) {
  const outcome = outcomeOf(logged);
  const isGood = outcome === 'ok' || outcome.startsWith('2');
  const id = `call-${logged.to}-${logged.number}`;
  return (
    <li id={id} className={isGood ? 'call' : 'call failed'}>
      <details>
        <summary
          hx-get={`${base}/${logged.to}/${logged.number}`}
          hx-target={`#${id}-body`}
          hx-trigger="click once"
        >
          <time>{secondsWords(logged.call.at, tz)}</time> <code>{nameOfCall(logged)}</code>{' '}
          <span className="outcome">{isGood ? `✔ ${outcome}` : outcome === '…' ? '…' : `✖ ${outcome}`}</span>{' '}
          <span className="note">{gist}</span>
        </summary>
        <div id={`${id}-body`}>…</div>
      </details>
    </li>
  );
}

/** What was sent and what came back, or null where there is no such call. */
export function callBody(world: World, to: string, number: number): string | null {
  const call =
    to === 'slack'
      ? world.slack.calls[number]
      : to === 'pagerduty'
        ? world.pagerduty.calls[number]
        : undefined;
  if (!call) return null;
  const sent = 'args' in call ? call.args : { id: call.id, query: call.query, from: call.from, ...call.body };
  const answer = call.answer === undefined ? 'none' : JSON.stringify(call.answer, null, 2);
  return renderToStaticMarkup(
    <>
      <h4>Arguments</h4>
      <pre>{JSON.stringify(unfolded(sent), null, 2)}</pre>
      <h4>Answer</h4>
      <pre>{answer}</pre>
      {'error' in call && call.error ? <p className="note">{textAt(call, 'error')}</p> : null}
    </>,
  );
}

/** Blocks and views travel as JSON in a string; they are read more easily without it. */
function unfolded(sent: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(sent).map(([key, value]) => {
      if (typeof value !== 'string' || !/^[[{]/.test(value)) return [key, value];
      try {
        return [key, JSON.parse(value) as unknown];
      } catch {
        return [key, value];
      }
    }),
  );
}
