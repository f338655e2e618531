import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { browserTest, card, channelLink, message, modal, openSandbox, reads } from './sandbox.ts';

/** More presses than any page of these tests has places for the focus. */
const tabsMax = 150;

/** Walks by Tab, as somebody without a mouse. */
async function tabTo(page: Page, to: Locator): Promise<void> {
  for (let presses = 0; presses < tabsMax; presses += 1) {
    await page.keyboard.press('Tab');
    if (await isFocused(to)) return;
  }
  throw new Error(`Tab does not lead to ${String(to)}`);
}

const isFocused = async (where: Locator): Promise<boolean> =>
  (await where.and(where.page().locator(':focus')).count()) === 1;

browserTest('an incident is declared without a mouse; Escape closes, and the focus comes back', async () => {
  const { as } = await openSandbox();
  const ana = await as('ana');
  const keys = (...names: string[]) =>
    names.reduce((before, name) => before.then(() => ana.keyboard.press(name)), Promise.resolve());
  const composer = ana.locator('#compose');
  await tabTo(ana, composer);
  await ana.keyboard.type('/inci');
  await ana.getByRole('option', { name: '/incident' }).waitFor();
  await keys('Tab');
  await ana.keyboard.type('dec');
  await keys('Enter', 'Enter');
  const form = modal(ana);
  await expect.poll(() => isFocused(form.getByLabel('What is broken?'))).toBe(true);
  await keys('Escape');
  await form.waitFor({ state: 'detached' });
  await expect.poll(() => isFocused(composer)).toBe(true);
  await ana.keyboard.type('/incident declare');
  await keys('Enter');
  await expect.poll(() => isFocused(form.getByLabel('What is broken?'))).toBe(true);
  await ana.keyboard.type('Checkout is down');
  await keys('Tab', 'Space', 'ArrowDown');
  expect(await form.getByRole('radio', { name: 'SEV2' }).isChecked()).toBe(true);
  await tabTo(ana, form.getByRole('button', { name: 'Declare' }));
  await keys('Enter');
  await form.waitFor({ state: 'detached' });
  await expect.poll(() => isFocused(composer)).toBe(true);
  await keys('Shift+Tab');
  await tabTo(ana, channelLink(ana, /inc-/));
  await keys('Enter');
  await reads(card(ana)).toContain('SEV2 · Checkout is down');
});

browserTest('a page is acknowledged without a mouse, and the focus is not lost', async () => {
  const { as, room, settled } = await openSandbox();
  await room.world.slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await settled();
  const bea = await as('bea', 'dm/tocsin');
  const page = message(bea, 'Checkout is down');
  await bea.keyboard.press('Tab');
  expect(await bea.locator('a:focus').innerText()).toBe('Skip to the conversation');
  await bea.keyboard.press('Enter');
  await tabTo(bea, page.getByRole('button', { name: 'Acknowledge' }));
  await bea.keyboard.press('Enter');
  await reads(page).toContain('You have it since 02:00');
  await bea.keyboard.press('Tab');
  expect(await page.locator(':focus').count()).toBe(1);
});

browserTest('the menus open, are walked through and closed by keys', async () => {
  const { as, room, pathOf, settled } = await openSandbox();
  const { slack } = room.world;
  await slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await settled();
  const ana = await as('ana', pathOf('inc-'));
  const opener = card(ana).locator('[data-opens-menu]');
  await opener.focus();
  await ana.keyboard.press('Enter');
  const items = card(ana).getByRole('menuitem');
  await expect.poll(() => isFocused(items.first())).toBe(true);
  await ana.keyboard.press('ArrowDown');
  expect(await isFocused(items.nth(1))).toBe(true);
  await ana.keyboard.press('Escape');
  await expect.poll(() => isFocused(opener)).toBe(true);
  const more = card(ana).locator('[data-menu]');
  await more.focus();
  await ana.keyboard.press('Enter');
  await ana.getByRole('dialog', { name: 'Message actions' }).waitFor();
  await ana.keyboard.press('Escape');
  await expect.poll(() => isFocused(more)).toBe(true);
});
