import type { Context, Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { isObject, parseJson } from '../json.ts';
import type { Incident } from '../pagerduty-events.ts';
import type { Control } from './control.ts';
import { formOf } from './conversation-routes.ts';
import { pagerdutyServices, stormMax } from './pagerduty-panel.tsx';
import type { Room } from './room.ts';
import { stories } from './stories.ts';

/** The clock, PagerDuty, the weather, stories: what no person in Slack does. Mounted under `/as/<handle>`. */
export function controlRoutes(desk: Hono, room: Room, control: Control): void {
  clockRoutes(desk, room, control);
  pagerdutyRoutes(desk, room);
  weatherRoutes(desk, room, control);
  desk.post('/stories/:name', (c) => {
    const story = stories.find(({ name }) => name === c.req.param('name'));
    if (!story) throw new HTTPException(404, { message: 'There is no such story' });
    return room.act(c, () => control.load(story));
  });
  desk.post('/troubles/:id', (c) => {
    room.dismiss(room.userOf(c).name, Number(c.req.param('id')));
    return c.body(null, 204);
  });
}

function clockRoutes(desk: Hono, room: Room, control: Control): void {
  desk.post('/clock/run', (c) => room.act(c, async () => control.run()));
  desk.post('/clock/pause', (c) => room.act(c, async () => control.pause()));
  desk.post('/clock/pass', async (c) => {
    const by = (await formOf(c))('by');
    return room.act(c, () => control.pass(by));
  });
}

function pagerdutyRoutes(desk: Hono, room: Room): void {
  desk.post('/pagerduty/trigger', async (c) => {
    const form = await formOf(c);
    return room.act(c, () => triggered(room, form));
  });
  for (const act of ['acknowledge', 'resolve'] as const) {
    desk.post(`/pagerduty/${act}`, async (c) => {
      const id = (await formOf(c))('id');
      const by = room.userOf(c).name;
      return room.act(c, () => room.world.pagerduty[act](alertOf(room, id), { by }));
    });
  }
}

function alertOf(room: Room, id: string): Incident {
  return room.world.pagerduty.ticket(id).incident;
}

async function triggered(room: Room, form: (name: string) => string): Promise<void> {
  const { pagerduty } = room.world;
  const details = detailsOf(form('details'));
  const service = pagerdutyServices.find((name) => name === form('service')) ?? pagerdutyServices[0];
  const count = Math.min(Math.max(1, Math.floor(Number(form('storm')) || 1)), stormMax);
  const title = form('title').trim() || 'Something is wrong';
  const alerts = Array.from({ length: count }, (_, at) => ({
    title: count === 1 ? title : `${title} (${at + 1} of ${count})`,
    service,
    urgency: form('urgency') === 'low' ? ('low' as const) : ('high' as const),
    ...(form('priority') === '' ? {} : { priority: form('priority') }),
    ...(details === null ? {} : { details }),
  }));
  await Promise.all(alerts.map((alert) => pagerduty.trigger(alert)));
}

/** JSON as the monitoring would send it. Throws where it is none. */
function detailsOf(text: string): Record<string, unknown> | null {
  if (text.trim() === '') return null;
  const details = parseJson(text);
  if (isObject(details)) return details;
  throw new Error('The custom details are no JSON object: write them like {"error_rate": 62}');
}

function weatherRoutes(desk: Hono, room: Room, control: Control): void {
  const { weather, bot } = control;
  const kinds = ['fine', 'slow', 'limited', 'down'] as const;
  desk.post('/weather/slack', async (c) => {
    const wanted = (await formOf(c))('kind');
    return room.act(c, async () => weather.setSlack(kinds.find((kind) => kind === wanted) ?? 'fine'));
  });
  desk.post('/weather/mishap', async (c) => {
    const form = await formOf(c);
    const kind = (['drop', 'duplicate', 'hold'] as const).find((one) => one === form('kind')) ?? 'drop';
    return room.act(c, async () => weather.mishap(kind, timesOf(form('times'))));
  });
  desk.post('/weather/kick', async (c) => {
    const channel = (await formOf(c))('channel');
    return room.act(c, () => weather.kickBot(channel));
  });
  const plain: Readonly<Record<string, (c: Context) => Promise<void>>> = {
    release: () => weather.release(),
    kill: () => bot.kill(),
    doom: async () => bot.killAtNextPost(),
    start: () => bot.start(),
  };
  for (const [name, deed] of Object.entries(plain)) {
    desk.post(`/weather/${name}`, (c) => room.act(c, () => deed(c)));
  }
}

const mishapsMax = 100;

const timesOf = (text: string): number => Math.min(Math.max(1, Math.floor(Number(text) || 1)), mishapsMax);
