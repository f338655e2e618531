import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openPage } from './web-room.ts';

type Page = Awaited<ReturnType<typeof openPage>>;

/** Slack's Web API, as the bot calls it. */
async function call({ room }: Page, method: string, args: Record<string, unknown>): Promise<string> {
  const { apiUrl, botToken } = room.world.slack;
  const headers = { authorization: `Bearer ${botToken}`, 'content-type': 'application/json; charset=utf-8' };
  const answer = await fetch(`${apiUrl}${method}`, { method: 'POST', headers, body: JSON.stringify(args) });
  const { ok, ts = '', error } = (await answer.json()) as { ok: boolean; ts?: string; error?: string };
  if (!ok) throw new Error(error);
  return ts;
}

const declareByShortcut = ({ post, id }: Page) =>
  post(`/as/ana/in/${id('general')}/shortcut`, { name: 'Declare incident' });

test('an empty #general says what to try, its button opens the form, and then it leads to the incident', async () => {
  const page = await openPage();
  const { tab, post, html, id, channel } = page;
  const ana = await tab('/as/ana/');
  const [start = ''] = /<section id="start".*?<\/section>/.exec(ana.page) ?? [];
  expect(start).toContain(`hx-post="/as/ana/in/${id('general')}/shortcut"`);
  expect(start).toContain('{&quot;name&quot;:&quot;Declare incident&quot;}');
  for (const href of ['/as/bea/dm/tocsin', '?side=pagerduty', '?side=stories']) expect(start).toContain(href);
  await declareByShortcut(page);
  expect(await html('/as/ana/')).toContain('<dialog');
  await post(`/as/ana/in/${id('general')}/send`, { text: '/incident declare sev2 Checkout is down' });
  const news = await ana.until('Go to ');
  expect(news).toContain(`<a href="/as/ana/in/${channel('inc-').id}">`);
  expect(await html(`/as/ana/in/${id('incidents')}`)).not.toContain('A workspace to try Tocsin in');
});

test('where a story was loaded, the first place says what is going on in it', async () => {
  const { post, html } = await openPage();
  await post('/as/ana/stories/second-page');
  const page = await html('/as/ana/');
  expect(page).toContain('<h2>The demo, paused before the second page</h2>');
  expect(page).toContain('At 02:15 Cai is paged: press +1m, or stop the bot first.');
});

test('the title of the tab counts what is unread elsewhere, and goes on counting', async () => {
  const { tab, post, html, id } = await openPage();
  const bea = await tab('/as/bea/');
  expect(bea.page).toContain('>#general · Bea · Tocsin sandbox</title>');
  await post(`/as/ana/in/${id('general')}/send`, { text: '/incident declare sev1 Checkout is down' });
  const counted = /\((\d+)\) #general · Bea/.exec(await html('/as/bea/'))?.[1] ?? '0';
  expect(Number(counted)).toBeGreaterThan(1);
  await bea.until(`data-unread="${counted}"`);
});

test('every time is told in the zone of whoever looks, in the line above as in messages', async () => {
  const page = await openPage();
  const { post, html, id, room } = page;
  const bea = room.ws.users.get(room.world.slack.userId('bea'))!;
  bea.tz = 'Asia/Tokyo';
  await post(`/as/ana/in/${id('general')}/send`, { text: 'hello' });
  await post('/as/ana/pagerduty/trigger', { service: 'payments', title: 'Cards fail', storm: '1' });
  const seen = await html('/as/bea/?side=pagerduty');
  expect(seen).toContain('<b>11:00</b> GMT+9');
  expect(seen).toMatch(/title="2026-03-02 11:00:0\d Asia\/Tokyo">11:00<\/time>/);
  expect(seen).not.toContain('02:00</');
  expect(await html('/as/ana/?side=log')).toContain('<time>02:00:');
  expect(await html('/as/bea/?side=log')).toContain('<time>11:00:');
});

test('a bot that does not answer is complained of after three seconds of real time, though the clock stands', {
  timeout: 60_000,
}, async () => {
  const page = await openPage(Date.now);
  const { post, html, id, room, channel, app } = page;
  await post(`/as/ana/in/${id('general')}/send`, { text: '/incident declare sev2 Checkout is down' });
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    silent.closeAllConnections();
    silent.close();
  });
  room.world.slack.connect(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  const before = room.world.clock.now();
  const said = await html(`/as/bea/in/${channel('inc-').id}`);
  const spots = [...said.matchAll(/data-spot="([^"]+)"/g)].map(([, spot = '']) =>
    spot.replaceAll('&quot;', '"'),
  );
  const form = new FormData();
  form.set('spot', spots[0] ?? '');
  const [pressed] = await Promise.all([
    app.request('http://localhost:3100/as/bea/press', {
      method: 'POST',
      headers: { host: 'localhost:3100', origin: 'http://localhost:3100' },
      body: form,
    }),
    post(`/as/ana/in/${id('general')}/send`, { text: '/incident list' }),
  ]);
  expect(await pressed.json()).toEqual({
    failed: 'This app did not respond. Apps need to respond within 3 seconds.',
  });
  expect(await html('/as/ana/')).toContain('/incident failed with the error operation_timeout');
  expect(room.world.clock.now()).toBe(before);
});

test('a message without blocks is drawn as one with them: emphasis, mentions, emoji, links', async () => {
  const page = await openPage();
  const { html, id, room } = page;
  await room.world.slack
    .as('ana')
    .say('hello', { in: 'incidents' })
    .catch(() => {});
  const text = '*bold* <@U0BEA> :rotating_light: <https://example.com/a|there> &lt;b&gt;\nsecond';
  await call(page, 'chat.postMessage', { channel: id('incidents'), text });
  await call(page, 'chat.postMessage', { channel: id('incidents'), text: 'plain words, 100% of them' });
  const seen = await html(`/as/bea/in/${id('incidents')}`);
  expect(seen).toMatch(/font-semibold">bold</);
  expect(seen).toContain('<span class="mention mine">@bea</span>');
  expect(seen).toContain('🚨');
  expect(seen).toMatch(/<a href="https:\/\/example.com\/a"[^>]*>there</);
  expect(seen).toContain('&lt;b&gt;');
  expect(seen).toContain('>plain words, 100% of them</p>');
});

test('what was chosen in a message is forgotten when the app changes it, and for nothing less', async () => {
  const page = await openPage();
  const { html, id, room } = page;
  const channel = id('incidents');
  const blocks = (words: string) => [{ type: 'section', text: { type: 'mrkdwn', text: words } }];
  const ts = await call(page, 'chat.postMessage', { channel, text: 'x', blocks: blocks('one') });
  const version = async () =>
    /data-version="(\d+)"/.exec(
      (await html(`/as/ana/in/${channel}`)).split(ts.replace('.', '-'))[1] ?? '',
    )?.[1];
  const first = await version();
  expect(first).toBeDefined();
  await call(page, 'reactions.add', { channel, timestamp: ts, name: 'eyes' });
  await room.world.settle();
  expect(await version()).toBe(first);
  await call(page, 'chat.update', { channel, ts, text: 'x', blocks: blocks('two') });
  expect(await version()).not.toBe(first);
});

test('a link to PagerDuty opens its panel here, as nobody serves that site', async () => {
  const { post, html, id, channel } = await openPage();
  await post(`/as/ana/in/${id('general')}/send`, { text: '/incident declare sev1 Checkout is down' });
  const seen = await html(`/as/ana/in/${channel('inc-').id}`);
  expect(seen).toContain('<a href="?side=pagerduty">🔖 PagerDuty</a>');
  expect(seen).toContain('<a href="?side=pagerduty">PagerDuty</a>');
  expect(seen).not.toContain('sandbox.pagerduty.com');
});

test('a storm does not bury whose phone rang, and calls of one name can be told apart', async () => {
  const { post, html, id } = await openPage();
  await post('/as/ana/pagerduty/trigger', { service: 'payments', title: 'Boom', storm: '12' });
  const panel = await html('/as/ana/?side=pagerduty');
  expect(panel).toContain('<summary>7 older ones</summary>');
  expect(panel.match(/<li class="alert /g)).toHaveLength(12);
  await post(`/as/ana/in/${id('general')}/send`, { text: '/incident list' });
  const log = await html('/as/ana/?side=log');
  expect(log).toMatch(/chat\.postMessage<\/code>.*?<span class="note">@bea [^<]*Boom/);
});

test('the channels from which the bot can be dropped are those of now, also in a panel that is open', async () => {
  const { tab, post, id, channel } = await openPage();
  const ana = await tab('/as/ana/?side=weather');
  await post(`/as/ana/in/${id('general')}/send`, { text: '/incident declare sev2 Checkout is down' });
  await ana.until(`id="kick-${channel('inc-').id}"`);
});

test('new messages are read out, and the channels of a phone can be closed again', async () => {
  const { html, post, id, ts } = await openPage();
  await post(`/as/ana/in/${id('general')}/send`, { text: 'a question' });
  const page = await html(`/as/ana/?thread=${ts('general', /a question/)}`);
  for (const list of ['messages', 'thread'])
    expect(page).toMatch(new RegExp(`<ol id="${list}"[^>]* aria-live="polite" aria-relevant="additions"`));
  for (const landmark of ['<main id="main"', '<nav id="channels"', '<header id="top"', '<aside id="side"'])
    expect(page).toContain(landmark);
  expect(page).toContain('<a class="from-channels" href="#main">');
});
