import type { Screen } from './message.ts';
import { nameOf } from './rich-text.ts';

/** `<@U1>`, `<@U1|ana>`, `<#C1|name>`, `<!here>`, `<!subteam^S1|@team>`, `<!date^1^{time}|03:00>`, `<https://…|words>`. */
const token =
  /<([@#!])([A-Za-z0-9_^{}\-. ]{1,80})(?:\|([^<>|]{0,200}))?>|<((?:https?:\/\/|mailto:)[^<>|\s]{1,2000})(?:\|([^<>]{0,500}))?>/g;

/**
 * A message's text as Slack sends it (mentions and links in angle brackets, three entities), as a person would read it
 * aloud. The result is plain text: it must still be shown as literal text.
 */
export function readable(text: string, screen: Screen): string {
  return text
    .replace(token, (_all, kind?: string, id?: string, words?: string, url?: string, label?: string) => {
      if (url !== undefined) return label && label !== url ? `${label} (${url})` : url;
      if (kind === '@') return `@${words || nameOf(id ?? '', screen)}`;
      if (kind === '#') return `#${words || id}`;
      const [what = '', group] = (id ?? '').split('^');
      return words || `@${what === 'subteam' && group ? nameOf(group, screen) : what}`;
    })
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
