/**
 * Keeps a flood of the same event from becoming a flood of log lines. The function it returns is called at each event:
 * how many there were since the last line of that `key` (this one included) when it is time for a line, else null. The
 * first is told at once, the next ones `everyMs` later at the earliest. Keys are few and ours, never the sender's.
 */
export function seldom(everyMs: number, now: () => number): (key: string) => number | null {
  const lines = new Map<string, { saidAt: number; unsaid: number }>();
  return (key) => {
    const at = now();
    const line = lines.get(key);
    // A clock that was set back must not silence us.
    if (line && Math.abs(at - line.saidAt) < everyMs) {
      line.unsaid++;
      return null;
    }
    lines.set(key, { saidAt: at, unsaid: 0 });
    return (line?.unsaid ?? 0) + 1;
  };
}
