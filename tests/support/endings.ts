const endings: (() => unknown)[] = [];

/** What a test file leaves ends with it. For tests side by side, which have no hook of their own, and what they share. */
export function endLater(end: () => unknown): void {
  endings.push(end);
}

/** The last first. */
export async function endAll(): Promise<void> {
  for (const end of endings.splice(0).reverse()) await end();
}
