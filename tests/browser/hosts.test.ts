import { expect } from 'vitest';
import { browserTest, misdeeds, openSandbox } from './sandbox.ts';

browserTest('a page that asks another host would be caught in every one of these tests', async () => {
  const { as } = await openSandbox();
  const ana = await as('ana');
  await ana.evaluate('void fetch("https://example.com/").catch(() => {})');
  await expect.poll(() => misdeeds.splice(0).join()).toContain('https://example.com/');
  const lax = await as('ana', '', { bypassCSP: true });
  await lax.evaluate('void fetch("https://example.org/").catch(() => {})');
  await expect.poll(() => misdeeds.splice(0).join()).toContain('asked https://example.org/');
});
