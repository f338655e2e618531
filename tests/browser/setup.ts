import { findChromium, howToGetOne } from './chromium.ts';

/** Before the tests in a browser: says once why they are skipped. With `CI_BROWSER=1` they never are. */
export function setup(): void {
  if (findChromium()) return;
  if (process.env.CI_BROWSER === '1') throw new Error(howToGetOne);
  console.warn(`The tests in a browser are skipped. ${howToGetOne}`);
}
