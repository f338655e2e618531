import type { Context, Hono } from 'hono';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import type { Held } from '../exact.ts';
import { isObject, parseJson, textAt } from '../json.ts';
import type { Person } from '../person.ts';
import type { Spot } from '../places.ts';
import { fieldFrom, fieldName } from './block-around.tsx';
import { Offers, offerOf } from './block-elements-choose.tsx';
import type { Room } from './room.ts';

/** What is needed of the room. */
type Front = Pick<Room, 'userOf' | 'viewerOf' | 'changed'>;

/**
 * What a person does with blocks: `POST press`, `modal/keep`, `modal/submit`, `modal/leave`, `GET options`. Each answers
 * when the bot has, with `{ failed }`: what went wrong in words, or null. What came of it arrives by the live stream.
 * The same thing asked for again while it is under way is done once.
 */
export function blockRoutes(desk: Hono, room: Front): void {
  const underWay = new Set<string>();

  async function once(
    c: Context,
    what: string,
    deed: (person: Person) => Promise<string | null>,
  ): Promise<Response> {
    const key = `${room.userOf(c).name} ${what}`;
    if (underWay.has(key)) return c.json({ failed: null });
    underWay.add(key);
    room.changed();
    try {
      return c.json({ failed: await deed(room.viewerOf(c)) });
    } catch (thrown) {
      return c.json({ failed: thrown instanceof Error ? thrown.message : String(thrown) }, 409);
    } finally {
      underWay.delete(key);
      room.changed();
    }
  }

  desk.post('/press', async (c) => {
    const form = await c.req.formData();
    const spot = spotFrom(one(form, 'spot'));
    if (!spot) return c.text('What was pressed? `spot` is missing.', 400);
    const values = all(form, 'value');
    return once(c, `press ${JSON.stringify([spot, values])}`, async (person) => {
      const view = one(form, 'view');
      if (view !== '') person.keep(view, heldIn(form));
      return person.act(spot, values);
    });
  });
  desk.post('/modal/keep', async (c) => {
    const form = await c.req.formData();
    room.viewerOf(c).keep(one(form, 'view'), heldIn(form));
    return c.body(null, 204);
  });
  desk.post('/modal/submit', async (c) => {
    const form = await c.req.formData();
    const view = one(form, 'view');
    return once(c, `submit ${view}`, async (person) => {
      person.keep(view, heldIn(form));
      await person.submitModal(view);
      return null;
    });
  });
  desk.post('/modal/leave', async (c) => {
    const form = await c.req.formData();
    return once(c, 'leave', async (person) => {
      await person.leaveModal(one(form, 'view'), one(form, 'how') === 'all' ? 'all' : 'top');
      return null;
    });
  });
  desk.get('/options', (c) => offered(c, room));
}

async function offered(c: Context, room: Front): Promise<Response> {
  const spot = spotFrom(c.req.query('spot') ?? '');
  if (!spot) return c.text('Options of what? `spot` is missing.', 400);
  const { options, failed } = await room.viewerOf(c).optionsFor(spot, c.req.query('words') ?? '');
  const isMany = c.req.query('many') === '1';
  const props = { label: null, offers: options.map(offerOf), name: fieldName(spot), isMany, held: [] };
  const html = renderToStaticMarkup(createElement(Offers, props));
  return c.json({ html, failed: failed ?? (options.length === 0 ? 'Nothing fits.' : null) });
}

const all = (form: FormData, name: string): string[] =>
  form.getAll(name).filter((value) => typeof value === 'string');

const one = (form: FormData, name: string): string => all(form, name)[0] ?? '';

/** Every control that the form has, also those in which nothing is chosen: each is named in `fields`. */
const heldIn = (form: FormData): Held[] =>
  all(form, 'fields').flatMap((name) => {
    const field = fieldFrom(name);
    return field ? [{ ...field, values: all(form, name) }] : [];
  });

function spotFrom(text: string): Spot | null {
  const json = parseJson(text);
  if (!isObject(json)) return null;
  const spot = { place: textAt(json, 'place'), block: textAt(json, 'block'), action: textAt(json, 'action') };
  return spot.place === '' ? null : spot;
}
