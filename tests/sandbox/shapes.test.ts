import { expect, test } from 'vitest';
import { world } from './world.ts';

test('a channel that is shared with another organisation says so, and so do its events', async () => {
  const w = await world(undefined, {
    channels: ['general', { name: 'partners', isShared: true, bot: true }],
  });
  const info = (name: string) => w.call('conversations.info', { channel: w.slack.channel(name).id });
  expect(await info('partners')).toMatchObject({ channel: { is_ext_shared: true, is_shared: true } });
  expect(await info('general')).toMatchObject({ channel: { is_ext_shared: false } });
  await w.slack.as('ana').say('hello', { in: 'partners' });
  expect(w.bot.heard.at(-1)?.body).toMatchObject({ is_ext_shared_channel: true });
});

test('one workspace of an Enterprise Grid names its organisation; people are at home where they are', async () => {
  const w = await world(undefined, {
    enterprise: { id: 'E0ACME', name: 'Acme' },
    people: ['ana', { name: 'bea', id: 'W0BEA', teamId: 'T0OTHER' }, { name: 'eve', isStranger: true }],
  });
  expect(await w.call('auth.test')).toMatchObject({ enterprise_id: 'E0ACME', is_enterprise_install: false });
  expect(await w.call('users.info', { user: 'W0BEA' })).toMatchObject({ user: { team_id: 'T0OTHER' } });
  expect(await w.call('users.info', { user: w.slack.userId('eve') })).toMatchObject({
    user: { is_stranger: true },
  });
});

test('an app may be installed for the whole organisation', async () => {
  const w = await world(undefined, { enterprise: { id: 'E0ACME', name: 'Acme', isOrgInstall: true } });
  expect(await w.call('auth.test')).toMatchObject({ is_enterprise_install: true });
});
