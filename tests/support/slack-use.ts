import { WebClient } from '@slack/web-api';
import { eventScopes, messageEvents } from './slack-scopes.ts';
import { chain, places, type Source, text } from './source.ts';

/** What a body of code asks of Slack, each list sorted and without doubles. */
export interface SlackUse {
  /** Web API methods, as `chat.postMessage`. */
  methods: string[];
  /** Events as the manifest names them: a `message` listener counts as all of `message.channels`, `.groups` and `.im`. */
  events: string[];
  /** Commands given as text; a computed one is not in it. */
  commands: string[];
  shortcuts: string[];
  /** Whether anything listens to commands at all, and whether to clicks, views or shortcuts. */
  hearsCommands: boolean;
  hearsClicks: boolean;
}

/**
 * Reads the code, it does not run it: `client.chat.postMessage(...)` on anything that holds such a method, and a
 * method's name as text, as an argument or in `method: '...'`; `.event('...')`, `.message(...)`, `.command('...')`,
 * `.shortcut('...')`. Where the name of an event is computed, every name of an event in that file counts.
 */
export function slackUse(sources: readonly Source[]): SlackUse {
  const calls = sources.flatMap(listeners);
  const named = (listener: string) =>
    sorted(calls.flatMap((call) => (call.listener === listener ? call.names : [])));
  const hears = (...those: string[]) => calls.some((call) => those.includes(call.listener));
  const events = named('event').flatMap((name): readonly string[] =>
    name === 'message' ? messageEvents : [name],
  );
  return {
    methods: sorted(sources.flatMap(methodsOf)),
    events: sorted([...events, ...(hears('message') ? messageEvents : [])]),
    commands: named('command'),
    shortcuts: named('shortcut'),
    hearsCommands: hears('command'),
    hearsClicks: hears('action', 'view', 'shortcut'),
  };
}

function methodsOf(source: Source): string[] {
  return places(source).flatMap(({ node, around }) => {
    if (node.type === 'MemberExpression') {
      const names = chain(node);
      const suffixes = [names.slice(-3), names.slice(-2), names.slice(-1)].filter(
        (one) => one.length < names.length,
      );
      return suffixes.map((one) => one.join('.')).find(isMethod) ?? [];
    }
    const name = text(node) ?? '';
    const parent = around[0];
    const argument = parent?.type === 'CallExpression' && parent.callee !== node;
    const method = parent?.type === 'Property' && parent.value === node && text(parent.key) !== name;
    return (argument || method) && name.includes('.') && isMethod(name) ? [name] : [];
  });
}

const client = new WebClient();

/** Whether the real client has a method of this name. */
function isMethod(name: string): boolean {
  if (name === 'filesUploadV2') return true;
  if (!name.includes('.')) return false;
  let value: unknown = client;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return false;
    value = Reflect.get(value, part);
  }
  return typeof value === 'function';
}

function listeners(source: Source): { listener: string; names: string[] }[] {
  return places(source).flatMap(({ node }) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return [];
    const listener = chain(node.callee).at(-1) ?? '';
    if (!/^(event|message|command|action|view|shortcut)$/.test(listener)) return [];
    const name = text(node.arguments[0]);
    if (name !== null) return [{ listener, names: [name] }];
    return [{ listener, names: listener === 'event' ? eventNamesIn(source) : [] }];
  });
}

function eventNamesIn(source: Source): string[] {
  const known = [...Object.keys(eventScopes), 'message'];
  return places(source).flatMap(({ node }) => known.filter((name) => name === text(node)));
}

/** Without doubles, in order. */
export function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
