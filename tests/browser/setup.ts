import { howToGetOne, isWithoutBrowser } from './chromium.ts';

/** Before the tests in a browser: says once why they are skipped. */
export function setup(): void {
  if (isWithoutBrowser()) console.warn(`The tests in a browser are skipped. ${howToGetOne}`);
}
