/** Resolves after this many turns of the event loop. No time: whoever has nothing to do waits for nothing. */
export async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) await new Promise((resolve) => setImmediate(resolve));
}
