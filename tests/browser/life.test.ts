import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import {
  browserTest,
  card,
  choose,
  main,
  message,
  modal,
  openSandbox,
  press,
  reads,
  say,
  walkTo,
} from './sandbox.ts';

browserTest('the life of an incident with the mouse, as two people in two browsers see it', async () => {
  const { as } = await openSandbox();
  const [ana, cai] = [await as('ana'), await as('cai', 'dm/tocsin')];
  await declareByForm(ana);
  await nobodyAnswers(ana, cai);
  await acknowledge(cai, ana);
  await takeCommand(cai, ana);
  await changeSeverity(cai, ana);
  await postUpdate(cai, ana);
  await resolve(cai, ana);
  await openDraft(ana);
});

async function declareByForm(ana: Page): Promise<void> {
  await say(ana, '/incident declare');
  const form = modal(ana);
  await form.getByLabel('What is broken?').fill('Checkout is down');
  await form.getByText('SEV1').click();
  await press(form, 'Declare');
  await form.waitFor({ state: 'detached' });
  await walkTo(ana, /inc-/);
  await reads(card(ana)).toContain('Nobody has it. cai is paged 02:05');
}

/** Bea sleeps on: when five minutes are over, and not before, Cai is paged. */
async function nobodyAnswers(ana: Page, cai: Page): Promise<void> {
  await press(ana, '+1m');
  await reads(cai.locator('#top')).toContain('02:01');
  expect(await cai.locator('#messages > li').count()).toBe(0);
  await press(ana, '+5m');
  await reads(message(cai, 'Checkout is down')).toContain('You are secondary for payments');
  await reads(main(ana)).toContain('Paged @cai (secondary for payments');
}

async function acknowledge(cai: Page, ana: Page): Promise<void> {
  await press(message(cai, 'Checkout is down'), 'Acknowledge');
  await reads(message(cai, 'Checkout is down')).toContain('You have it since 02:06. Paging stopped.');
  await reads(card(ana)).toContain('cai has it');
  await reads(main(ana)).toContain('cai has it. Paging stopped.');
}

async function takeCommand(cai: Page, ana: Page): Promise<void> {
  await walkTo(cai, /inc-/);
  await choose(card(cai), 'Take command');
  for (const page of [cai, ana]) await reads(card(page)).toContain('Commander: cai');
}

async function changeSeverity(cai: Page, ana: Page): Promise<void> {
  await choose(card(cai), 'Severity…');
  await modal(cai).getByText('SEV2').click();
  await press(modal(cai), 'Set severity');
  await modal(cai).waitFor({ state: 'detached' });
  for (const page of [cai, ana]) await reads(card(page)).toContain('SEV2 · Checkout is down');
}

async function postUpdate(cai: Page, ana: Page): Promise<void> {
  await press(card(cai), 'Update');
  await modal(cai).getByLabel('What is happening?').fill('Half of all <card> payments fail & retry.');
  await press(modal(cai), 'Post update');
  await reads(main(ana)).toContain('What is happening: Half of all <card> payments fail & retry.');
  await walkTo(ana, /incidents/);
  await reads(main(ana)).toContain('Half of all <card> payments fail & retry.');
  await walkTo(ana, /inc-/);
}

async function resolve(cai: Page, ana: Page): Promise<void> {
  await press(card(cai), 'Resolve…');
  await press(modal(cai), 'Resolve');
  await reads(modal(cai)).toContain('Please complete this required field.');
  await modal(cai).getByText('Rollback', { exact: true }).click();
  await press(modal(cai), 'Resolve');
  await modal(cai).waitFor({ state: 'detached' });
  for (const page of [cai, ana]) await reads(card(page)).toContain('Resolved 02:06');
  await reads(main(ana)).toContain('Resolved by cai: rollback.');
}

/** The file itself, in a tab of its own and in the page. */
async function openDraft(ana: Page): Promise<void> {
  const draft = message(ana, 'The postmortem draft as a file');
  await draft.getByText('Show INC-1-checkout-is-down.md').click();
  await reads(draft).toContain('Update by cai: Half of all <card> payments fail & retry.');
  const [tab] = await Promise.all([
    ana.context().waitForEvent('page'),
    draft.getByRole('link', { name: 'INC-1-checkout-is-down.md' }).click(),
  ]);
  await reads(tab.locator('body')).toContain('# INC-1: Checkout is down');
}
