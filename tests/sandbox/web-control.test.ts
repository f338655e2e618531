import { expect, onTestFinished, test } from 'vitest';
import { roomOf } from '../../src/sandbox/web/room.ts';
import { servePage } from '../../src/sandbox/web/server.ts';
import { playLong, stories } from '../../src/sandbox/web/stories.ts';
import { openPage } from './web-room.ts';

const storyNamed = (name: string) => stories.find((one) => one.name === name)!;

test('the clock stands until it is moved or runs; five minutes later the next person is paged', async () => {
  const { post, html, id, room, control } = await openPage();
  await post(`/as/ana/in/${id('general')}/send`, { text: '/incident declare sev1 Checkout is down' });
  expect(await html('/as/ana/')).toContain('▶ run');
  await post('/as/ana/clock/pass', { by: '5m' });
  expect(await html('/as/cai/')).toContain('<b>02:05</b>');
  expect(room.world.slack.as('cai').dm()).toContain('Checkout is down');
  await post('/as/ana/clock/pass', { by: 'soon' });
  expect(await html('/as/ana/')).toContain('soon is no duration');
  await post('/as/ana/clock/run');
  expect(control.isRunning).toBe(true);
  await post('/as/ana/clock/pause');
  expect(control.isRunning).toBe(false);
});

test('time that flows by itself does what is due, and waits for nobody', async () => {
  const { post, id, room } = await openPage();
  await post(`/as/ana/in/${id('general')}/send`, { text: '/incident declare sev1 Checkout is down' });
  for (let second = 0; second <= 300; second += 1) {
    await room.world.flow(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await room.world.settle();
  expect(room.world.slack.as('cai').dm()).toContain('Checkout is down');
});

test('an alert is triggered, acknowledged and resolved from the panel, which shows whose phone rang by which step', async () => {
  const { tab, post, html, channel, room } = await openPage();
  const ana = await tab('/as/ana/?side=pagerduty');
  const alert = { service: 'payments', title: 'Cards fail', urgency: 'high', priority: 'P1' };
  await post('/as/ana/pagerduty/trigger', { ...alert, details: '{"error_rate": 62}', storm: '1' });
  await ana.until('Cards fail');
  expect(channel('inc-').transcript()).toContain('Cards fail');
  const [incident] = room.world.pagerduty.incidents;
  expect(room.world.pagerduty.ticket(incident!).alerts[0]?.details).toEqual({ error_rate: 62 });
  expect(await html('/as/ana/?side=pagerduty')).toMatch(/<td>bea<\/td><td>1<\/td><td>Cards fail/);
  await post('/as/bea/pagerduty/acknowledge', { id: incident?.id ?? '' });
  expect(channel('inc-').transcript()).toContain('Bea (in PagerDuty) has it. Paging stopped.');
  await ana.until('class="alert acknowledged"');
  await post('/as/bea/pagerduty/resolve', { id: incident?.id ?? '' });
  await ana.until('class="alert resolved"');
});

test('a storm is so many alerts; details that are no JSON are refused in words', async () => {
  const { post, html, room } = await openPage();
  await post('/as/ana/pagerduty/trigger', { service: 'checkout', title: 'Boom', storm: '3' });
  expect(room.world.pagerduty.incidents.map(({ title }) => title)).toEqual([
    'Boom (1 of 3)',
    'Boom (2 of 3)',
    'Boom (3 of 3)',
  ]);
  await post('/as/ana/pagerduty/trigger', { service: 'checkout', title: 'Boom', details: 'nonsense' });
  expect(await html('/as/ana/')).toContain('The custom details are no JSON object');
  expect(room.world.pagerduty.incidents).toHaveLength(3);
});

test('while Slack is down the bot’s calls fail, the log says so, and afterwards everything arrives', async () => {
  const { tab, post, html, id, room } = await openPage();
  const ana = await tab('/as/ana/?side=weather');
  await post('/as/ana/weather/slack', { kind: 'down' });
  await ana.until('Slack is down for the bot');
  await post(`/as/ana/in/${id('general')}/send`, { text: '/incident declare sev1 Checkout is down' });
  expect(room.world.slack.channels().some((name) => name.startsWith('inc-'))).toBe(false);
  const log = await html('/as/ana/?side=log');
  expect(log).toContain('conversations.create</code> <span class="outcome">✖ http 503');
  await post('/as/ana/weather/slack', { kind: 'fine' });
  await post('/as/ana/clock/pass', { by: '1m' });
  expect(room.world.slack.channel('inc-').transcript()).toContain('Checkout is down');
});

test('the log shows arguments and answer of each call', async () => {
  const { tab, post, html, id, room } = await openPage();
  const ana = await tab('/as/ana/?side=log');
  await post(`/as/ana/in/${id('general')}/send`, { text: '/incident declare sev1 Checkout is down' });
  expect(await ana.until('pins.add')).toContain('<hx-partial hx-target="#log" hx-swap="afterbegin">');
  const number = room.world.slack.calls.findIndex(
    ({ method, args }) => method === 'conversations.create' && String(args.name).startsWith('inc-'),
  );
  const body = await html(`/as/ana/calls/slack/${number}`);
  expect(body).toMatch(
    /Arguments.*&quot;name&quot;: &quot;inc-20260302-1-checkout-is-down&quot;.*Answer.*&quot;ok&quot;: true/s,
  );
});

test('events are lost, and the bot is dropped from a channel, on demand', async () => {
  const { post, html, id, room } = await openPage();
  await post(`/as/ana/in/${id('general')}/send`, { text: '/incident declare sev2 Checkout is down' });
  await post('/as/ana/weather/mishap', { kind: 'drop', times: '1' });
  expect(await html('/as/ana/?side=weather')).toContain('The next event to the bot is lost');
  await post(`/as/ana/in/${id('inc-')}/send`, { text: 'nobody hears this' });
  const lost = room.world.slack.deliveries.find(({ event }) =>
    JSON.stringify(event).includes('nobody hears this'),
  );
  expect(lost?.attempts).toEqual([]);
  await post('/as/ana/weather/kick', { channel: id('inc-') });
  expect(room.world.slack.channel('inc-').transcript()).toContain('— Tocsin left');
});

test('a bot that shares our process cannot be killed, and the page says why', async () => {
  const { post, html } = await openPage();
  await post('/as/ana/weather/kill');
  expect(await html('/as/ana/')).toContain('this bot shares our process');
});

test('a bot that nobody reaches: the page stays, and the command fails as in Slack', async () => {
  const { post, html, id, room } = await openPage();
  room.world.slack.connect(null);
  await post(`/as/ana/in/${id('general')}/send`, { text: '/incident list' });
  expect(await html('/as/ana/')).toContain('/incident failed with the error dispatch_failed');
});

test('three open incidents: one click, a new workspace, and every page that was open goes there', async () => {
  const { tab, post, html, room, control } = await openPage();
  const bea = await tab('/as/bea/');
  const before = room.world;
  await post('/as/ana/stories/three');
  expect(await bea.until('other-world')).toContain('event: other-world');
  expect(room.world === before).toBe(false);
  expect(room.world.slack.channels().filter((name) => name.startsWith('inc-'))).toHaveLength(3);
  expect(await html('/as/ana/')).toContain('Refunds are slow'.toLowerCase().replaceAll(' ', '-').slice(0, 7));
  expect(control.isRunning).toBe(true);
});

test('the demo stands still before the second page: a minute later Cai is paged', async () => {
  const { post, html, room } = await openPage();
  await post('/as/ana/stories/second-page');
  expect(await html('/as/ana/')).toContain('<b>02:14</b>');
  expect(room.world.slack.as('cai').dm()).toBe('');
  await post('/as/ana/clock/pass', { by: '1m' });
  expect(room.world.slack.as('cai').dm()).toContain('Checkout error rate above 5%');
});

test('a long incident has as many messages as it says, and tells how far it is', async () => {
  const { room, channel } = await openPage();
  const told: string[] = [];
  expect(storyNamed('long').title).toBe('An incident of 10,000 messages');
  await playLong(room.world, (words) => told.push(words), 600);
  expect(told).toEqual(['250 of 600 messages', '500 of 600 messages', '600 of 600 messages']);
  expect(channel('inc-').messages.filter(({ text }) => text.startsWith('Message '))).toHaveLength(600);
});

test('a port that is taken is told by its error; a room without pages open keeps quiet', async () => {
  const { room, control } = await openPage();
  const first = await servePage(room, control, { port: 0, host: '127.0.0.1' });
  onTestFinished(() => first.close());
  const port = Number(new URL(first.url).port);
  await expect(servePage(room, control, { port, host: '127.0.0.1' })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  const quiet = roomOf(room.world);
  quiet.changed();
  quiet.close();
  expect(quiet.revision).toBe(1);
});
