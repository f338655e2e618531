import { type Incident, isOpen } from '../incident/incident.ts';
import { label } from '../incident/severity-scale.ts';
import { cut, type Screen } from './message.ts';
import { nameOf } from './rich-text.ts';
import { idOf, statusWord, titleOf } from './wording.ts';

/** Slack's, for names, topics and purposes. */
const nameLengthMax = 80;
const topicLengthMax = 250;

/**
 * The channel's name by the template of the policy: `{date}` as YYYYMMDD in the policy's zone, `{id}`, `{title}` as a
 * slug. Legal in Slack whatever the title: lowercase letters, digits, hyphens and underscores, at most 80. `suffix`
 * makes it another one when the name is taken.
 */
export function channelName(incident: Incident, suffix?: number): string {
  const { channelTemplate, timeZone } = incident.policy;
  const end = suffix === undefined ? '' : `-${suffix}`;
  const frame = channelTemplate
    .replaceAll('{date}', dateIn(incident.times.declaredAt, timeZone))
    .replaceAll('{id}', String(incident.id));
  // The title gives way: what comes after it, perhaps the number, must not be cut off.
  const room = nameLengthMax - end.length - frame.replaceAll('{title}', '').length;
  const title = slug(incident.title).slice(0, room > 0 ? room : 0);
  const whole = slug(frame.replaceAll('{title}', title), /[^a-z0-9_]+/g) || `inc-${incident.id}`;
  return `${whole.slice(0, nameLengthMax - end.length).replace(/[-_]+$/, '')}${end}`;
}

/** Letters that have no accent to take off. */
const spelled: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};

const slug = (words: string, illegal = /[^a-z0-9]+/g): string =>
  words
    .slice(0, 500)
    .toLowerCase()
    .replace(/[ßæœøđðłþı]/g, (letter) => spelled[letter] ?? '')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/['’]/g, '')
    .replace(illegal, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '');

/** YYYYMMDD of that moment (epoch ms) on the wall of that zone. */
function dateIn(at: number, timeZone: string): string {
  const parts = calendarIn(timeZone).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}${part('month')}${part('day')}`;
}

/** Making one costs more than all it will ever format; there are as many as zones in the configuration. */
const calendars = new Map<string, Intl.DateTimeFormat>();

function calendarIn(timeZone: string): Intl.DateTimeFormat {
  const calendar =
    calendars.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  calendars.set(timeZone, calendar);
  return calendar;
}

/** `SEV2 | Investigating | lead @ana`: plain text that mentions nobody. */
export function topic(incident: Incident, screen: Screen): string {
  const commander = incident.roles.commander?.user;
  const nobody = isOpen(incident) ? ['no lead yet'] : [];
  const lead = commander === undefined ? nobody : [`lead @${nameOf(commander, screen)}`];
  const state = [label(incident.severity), statusWord(incident.status), ...lead];
  return cut(withoutMarkup([...(incident.isTest ? ['TEST'] : []), ...state].join(' | ')), topicLengthMax);
}

/** What the channel is for. Says that it is recorded: people must know before they write. */
export function purpose(incident: Incident): string {
  const what = `${idOf(incident)}: ${titleOf(incident, 120)}`;
  return cut(
    withoutMarkup(`${what}. Everything written here is recorded for the timeline and the postmortem.`),
    topicLengthMax,
  );
}

/** Topics and purposes are parsed like messages; without angle brackets nothing in them is a mention or a link. */
const withoutMarkup = (words: string): string => words.replaceAll('<', '‹').replaceAll('>', '›');
