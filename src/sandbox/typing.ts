import type { Json } from './json.ts';
import type { Workspace } from './workspace.ts';

/** What Slack makes of the text that a person types: entities escaped, names turned into mentions. */
export function typed(ws: Workspace, text: string, withLabels = false): string {
  return escapeText(text)
    .replace(/(^|[\s(])@([a-z0-9._-]+)/g, (whole, before: string, name: string) => {
      const mention = mentionOf(ws, name, withLabels);
      return mention ? `${before}${mention}` : whole;
    })
    .replace(/(^|[\s(])#([a-z0-9_-]+)/g, (whole, before: string, name: string) => {
      const channel = [...ws.channels.values()].find((one) => !one.isIm && one.name === name);
      return channel ? `${before}<#${channel.id}${withLabels ? `|${name}` : ''}>` : whole;
    });
}

function mentionOf(ws: Workspace, name: string, withLabels: boolean): string | null {
  if (name === 'here' || name === 'channel' || name === 'everyone') return `<!${name}>`;
  for (const user of ws.users.values()) {
    if (user.name === name) return `<@${user.id}${withLabels ? `|${name}` : ''}>`;
  }
  for (const group of ws.groups.values()) {
    if (group.handle === name) return `<!subteam^${group.id}${withLabels ? `|@${name}` : ''}>`;
  }
  return null;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The rich_text block with which Slack's client sends a person's message along. */
export function richTextOf(ws: Workspace, text: string): Json[] {
  const elements = typed(ws, text)
    .split(/(<[@#!][^>]+>)/)
    .filter((part) => part !== '')
    .map((part) => leafOf(part));
  return [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }];
}

function leafOf(part: string): Json {
  const id = part.slice(2, -1);
  if (part.startsWith('<@')) return { type: 'user', user_id: id };
  if (part.startsWith('<#')) return { type: 'channel', channel_id: id };
  if (part.startsWith('<!subteam^')) return { type: 'usergroup', usergroup_id: id.slice('subteam^'.length) };
  if (part.startsWith('<!')) return { type: 'broadcast', range: id };
  return {
    type: 'text',
    text: part.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
  };
}
