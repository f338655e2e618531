import { expect, test } from 'vitest';
import { addChannel } from '../../src/sandbox/channels.ts';
import { commandsIn, ownCommands, subcommandsOffered } from '../../src/sandbox/web/commands.ts';
import { subcommands } from '../../src/slack/tables.ts';
import { openPage } from './web-room.ts';

const elementOf = (ts: string, list: 'm' | 't' = 'm') => `${list}-${ts.replace('.', '-')}`;

test('whoever opens the page sits in #general as the first person, and nothing comes from another host', async () => {
  const { get, html } = await openPage();
  expect((await get('/')).headers.get('location')).toBe('/as/ana/');
  const answer = await get('/as/ana/');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
  const page = await answer.text();
  for (const words of ['# general', 'Ana</a>', 'Finn</a>', 'Tocsin Home', 'Message #general', '02:00'])
    expect(page.replaceAll('<!-- -->', '')).toContain(words);
  const loaded = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url = '']) => url);
  expect(loaded.filter((url) => !/^(\/|#)/.test(url))).toEqual([expect.stringContaining('/readyz')]);
  for (const asset of loaded.filter((url) => url.startsWith('/assets/'))) {
    expect((await get(asset)).status, asset).toBe(200);
  }
  expect(await html('/as/nobody/')).toBe('There is nobody called nobody here');
});

test('what Ana says reaches the open page of Bea as one message, not as a new page', async () => {
  const { tab, post, id, ts } = await openPage();
  const bea = await tab('/as/bea/');
  await post(`/as/ana/in/${id('general')}/send`, { text: 'Hello @bea, see https://example.com & <b>' });
  const said = await bea.until('Hello');
  expect(said).toContain(`<li id="${elementOf(ts('general', /Hello/))}" class="message">`);
  expect(said).toContain('&lt;b&gt;');
  expect(said).not.toContain('<html');
  expect(said.split('class="message"')).toHaveLength(2);
});

test('edits, reactions, pins and deletions change the one message that they are about', async () => {
  const { tab, post, html, id, ts } = await openPage();
  const general = `/as/ana/in/${id('general')}`;
  await post(`${general}/send`, { text: 'one' });
  await post(`${general}/send`, { text: 'two' });
  const two = ts('general', /two/);
  const bea = await tab('/as/bea/');
  await post(`${general}/react`, { ts: two, emoji: 'star' });
  await bea.until('⭐');
  await post(`/as/bea/in/${id('general')}/react`, { ts: two, emoji: 'star' });
  await post(`/as/bea/in/${id('general')}/react`, { ts: two, emoji: 'star' });
  await post(`${general}/pin`, { ts: two });
  await bea.until('📌 Pinned');
  await post(`${general}/edit`, { ts: two, text: 'three' });
  await bea.until('(edited)');
  await post(`${general}/delete`, { ts: two });
  const all = await bea.until('hx-swap="delete"');
  expect(all).toContain(`<hx-partial hx-target="#${elementOf(two)}" hx-swap="outerMorph">`);
  expect(all).toContain(`<hx-partial hx-target="#${elementOf(two)}" hx-swap="delete">`);
  expect(all).not.toContain(`id="${elementOf(ts('general', /one/))}"`);
  const page = await html('/as/bea/');
  expect(page).toContain('one');
  expect(page).not.toContain('three');
});

test('nobody edits or deletes what somebody else wrote, and is told so', async () => {
  const { post, html, id, ts } = await openPage();
  await post(`/as/ana/in/${id('general')}/send`, { text: 'mine' });
  await post(`/as/bea/in/${id('general')}/delete`, { ts: ts('general', /mine/) });
  expect(await html('/as/bea/')).toContain('bea did not write the message');
  expect(await html('/as/ana/')).not.toContain('did not write');
  expect(await html(`/as/bea/in/${id('general')}/menu/${ts('general', /mine/)}`)).not.toContain('Delete');
  expect(await html(`/as/ana/in/${id('general')}/menu/${ts('general', /mine/)}`)).toContain('Delete message');
});

test('private channels and direct messages are for their members alone', async () => {
  const { post, html, get, ts, room } = await openPage();
  const { world, ws } = room;
  const secret = addChannel(ws, {
    name: 'secret-plans',
    by: world.slack.userId('ana'),
    isPrivate: true,
    members: ['ana', 'bea'].map((who) => world.slack.userId(who)),
  });
  const location = (await get('/as/ana/dm/bea')).headers.get('location') ?? '';
  const dm = location.slice('/as/ana/in/'.length);
  for (const [place, text] of [
    [secret.id, 'the plan'],
    [dm, 'for you alone'],
  ] as const) {
    await post(`/as/ana/in/${place}/send`, { text });
    expect(await html(`/as/bea/in/${place}`)).toContain(text);
    const finn = await html(`/as/finn/in/${place}`);
    expect(finn).not.toContain(text);
    expect(finn).not.toContain('secret-plans');
    expect((await post(`/as/finn/in/${place}/send`, { text: 'hello' })).status).toBe(404);
    expect((await post(`/as/finn/in/${place}/join`)).status).toBe(404);
    const said = ws.channels.get(place)?.messages[0]?.ts;
    expect((await get(`/as/finn/in/${place}/menu/${said}`)).status).toBe(404);
  }
  expect(ts('general', /hello/)).toBe('');
});

test('an answer to a command is seen by whoever typed it, marked, and can be put away', async () => {
  const { post, html, id, room } = await openPage();
  await post(`/as/ana/in/${id('general')}/send`, { text: '/incident list' });
  expect(await html('/as/ana/')).toContain('Only visible to you');
  expect(await html('/as/bea/')).not.toContain('Only visible to you');
  await post(`/as/ana/in/${id('general')}/dismiss`, { ts: room.ws.ephemerals[0]?.ts ?? '' });
  expect(await html('/as/ana/')).not.toContain('Only visible to you');
});

test('a thread stands at the side, lives, and takes no commands', async () => {
  const { tab, post, html, id, ts } = await openPage();
  const general = `/as/ana/in/${id('general')}`;
  await post(`${general}/send`, { text: 'a question' });
  const root = ts('general', /a question/);
  const bea = await tab(`/as/bea/in/${id('general')}?thread=${root}`);
  await post(`${general}/send`, { text: 'an answer', thread: root });
  const all = await bea.until('1 reply');
  expect(all).toContain(`id="${elementOf(ts('general', /an answer/), 't')}"`);
  expect(all).not.toContain(`id="${elementOf(ts('general', /an answer/), 'm')}"`);
  await post(`${general}/send`, { text: '/incident list', thread: root });
  expect(await html('/as/ana/')).toContain('/incident is not supported in threads');
});

test('the menu of a message offers the app’s shortcuts, and one opens the modal that the bot sends', async () => {
  const { post, html, id, ts } = await openPage();
  const general = `/as/ana/in/${id('general')}`;
  await post(`${general}/send`, { text: 'payments fail' });
  const menu = await html(`${general}/menu/${ts('general', /payments fail/)}`);
  for (const name of ['Declare from message', 'Add to timeline', 'Make follow-up', 'Edit message'])
    expect(menu).toContain(name);
  await post(`${general}/shortcut`, { ts: ts('general', /payments fail/), name: 'Declare from message' });
  expect(await html('/as/ana/')).toContain('<dialog');
  expect(await html('/as/bea/')).not.toContain('<dialog');
});

test('unread messages are counted until their conversation is open; a direct message is marked as for me', async () => {
  const { tab, post, html, id } = await openPage();
  await post(`/as/ana/in/${id('general')}/send`, { text: '/incident declare sev1 Checkout is down' });
  const page = await html('/as/bea/');
  expect(page).toMatch(/count for-me">1<span class="unseen"> unread, for you/);
  const dm = /href="(\/as\/bea\/in\/D[^"]+)"/.exec(page)?.[1] ?? '';
  const bea = await tab(dm);
  expect(bea.page).toContain('You are primary');
  expect(await html('/as/bea/')).not.toContain('Tocsin</span><span class="count');
});

test('a Markdown file is shown as it reads, an image as an image, and a page of HTML never as a page', async () => {
  const { html, get, room } = await openPage();
  const ana = room.world.slack.as('ana');
  await ana.upload('draft.md', '# Draft\n\n| a | b |\n|---|---|\n| 1 | 2 |', { in: 'general' });
  await ana.upload('graph.png', 'not really', { in: 'general' });
  await ana.upload('evil.html', '<script>1</script>', { in: 'general' });
  const page = await html('/as/bea/');
  expect(page).toContain('<table');
  expect(page).toMatch(/<img src="\/as\/bea\/files\/F\w+" alt="graph.png"/);
  const files = [...room.ws.files.values()];
  const types = await Promise.all(
    files.map(async ({ id }) => (await get(`/as/bea/files/${id}`)).headers.get('content-type')),
  );
  expect(types).toEqual(['text/plain; charset=utf-8', 'image/png', 'text/plain; charset=utf-8']);
});

test('the Home tab shows what the bot publishes when somebody opens it', async () => {
  const { tab } = await openPage();
  const ana = await tab('/as/ana/in/home');
  expect(await ana.until('id="home"')).toContain('bk-block');
});

test('commands are completed from the manifest, with the words that the bot knows', async () => {
  const { html } = await openPage();
  expect(ownCommands()).toEqual([
    expect.objectContaining({ command: '/incident', usageHint: expect.stringContaining('declare sev2') }),
  ]);
  expect(commandsIn('features: {}')).toEqual([]);
  expect(subcommandsOffered.map(({ word }) => word).sort()).toEqual(
    Object.keys(subcommands).filter(Boolean).sort(),
  );
  const json = /<script id="completions"[^>]*>(.*?)<\/script>/.exec(await html('/as/ana/'))?.[1] ?? '';
  expect(JSON.parse(json)).toMatchObject({
    commands: [{ text: '/incident' }],
    people: expect.arrayContaining([{ text: '@bea', hint: 'Bea' }]),
    channels: expect.arrayContaining([{ text: '#general', hint: '' }]),
  });
});

test('in a channel of 2,000 messages the page shows the newest, and one more is one fragment', async () => {
  const { tab, post, html, id, room } = await openPage();
  const ana = room.world.slack.as('ana');
  await Promise.all(Array.from({ length: 2_000 }, (_, at) => ana.say(`number ${at}`, { in: 'general' })));
  expect((await html('/as/bea/')).split('<li id="m-')).toHaveLength(101);
  const all = await tab(`/as/bea/in/${id('general')}?last=2000`);
  expect(all.page.split('<li id="m-')).toHaveLength(2_001);
  expect(await html('/as/bea/')).toContain('Show earlier messages (1,900 more)');
  await post(`/as/ana/in/${id('general')}/send`, { text: 'the last straw' });
  expect((await all.until('the last straw')).length).toBeLessThan(10_000);
});

test('a page that missed something while it was loading gets the whole conversation anew', async () => {
  const { get, post, html, id } = await openPage();
  const page = await html('/as/bea/');
  await post(`/as/ana/in/${id('general')}/send`, { text: 'in between' });
  const live = /hx-sse:connect="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const reader = (await get(live)).body!.getReader();
  const { value } = await reader.read();
  const html1 = new TextDecoder().decode(value);
  expect(html1).toContain('<hx-partial hx-target="#messages" hx-swap="innerMorph">');
  expect(html1).toContain('in between');
  await reader.cancel();
});

test('a page of another site cannot act here, nor one under another name look', async () => {
  const { app, id, ts } = await openPage();
  const url = `http://localhost:3100/as/ana/in/${id('general')}/send`;
  const headers = {
    host: 'localhost:3100',
    origin: 'https://evil.example',
    'content-type': 'application/x-www-form-urlencoded',
  };
  const forged = await app.request(url, { method: 'POST', headers, body: 'text=boo' });
  expect(forged.status).toBe(403);
  expect(ts('general', /boo/)).toBe('');
  expect((await app.request('/as/ana/', { headers: { host: 'evil.example' } })).status).toBe(421);
});
