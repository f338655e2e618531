/**
 * A message's address, built, not asked for: one call per message would take hours. `workspaceUrl` ends in a slash;
 * null where it is unknown. A reply opens in its thread.
 */
export function permalink(
  workspaceUrl: string,
  place: { channel: string; ts: string },
  threadTs: string | null = null,
): string | null {
  if (workspaceUrl === '') return null;
  const thread = threadTs === null ? '' : `?thread_ts=${threadTs}&cid=${place.channel}`;
  return `${workspaceUrl}archives/${place.channel}/p${place.ts.replace('.', '')}${thread}`;
}
