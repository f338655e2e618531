import { handoffModal, parseHandoff } from '../blocks/handoff-modal.ts';
import { oneLine } from '../blocks/message.ts';
import { readable } from '../blocks/readable.ts';
import { refusal as refusalWords } from '../blocks/refusal.ts';
import { utc } from '../blocks/rich-text.ts';
import { rolesMessage } from '../blocks/roles.ts';
import { roleWord } from '../blocks/wording.ts';
import { person } from '../incident/by.ts';
import { offeredTo } from '../incident/handover.ts';
import { type Incident, isOpen, type Role, roles as roleNames } from '../incident/incident.ts';
import { nearest } from '../incident/nearest.ts';
import { type Refusal, whenEnded } from '../incident/refusal.ts';
import type { Click, ClickHandler, SubmissionHandler } from './click.ts';
import { firstWord, type IncidentCommand, mentionedUser, named, quoted, unescaped } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { ended, numberOf, type Reply, refusing, saying } from './reply.ts';
import { assign, isRole, noMember } from './roles.ts';

/** What somebody who hands over has said so far. */
interface Begun {
  role?: Role;
  user?: string;
  words?: string;
}

interface Offering {
  incident: Incident;
  by: string;
  role: Role;
  user: string;
  words: string;
  cause: string;
}

const refused = (deps: SlackDeps, refusal: Refusal): Reply => saying(refusalWords(refusal, screenOf(deps)));

/** Which field of the form a refusal is about. */
const fieldOf = (refusal: Refusal): 'role' | 'user' =>
  refusal.refused === 'nothing-to-hand-over' || refusal.refused === 'ended' ? 'role' : 'user';

/** Asks them by DM. `wrong`: what has to be said, and about which field of the form. */
async function offer(
  deps: SlackDeps,
  wanted: Offering,
): Promise<{ wrong: string; field: 'role' | 'user' } | { reply: Reply }> {
  const { incident, role, user, words, cause } = wanted;
  const found = await deps.people.find(user).catch(() => undefined);
  if (found === null || found?.isMember === false) return { wrong: noMember, field: 'user' };
  const by = person(wanted.by);
  const timeZone = found?.timeZone ?? null;
  const command = { type: 'offer-role', by, role, user, timeZone, words } as const;
  const outcome = await deps.engine.handle(incident.id, command, cause);
  if (outcome.outcome === 'refused') {
    const { refusal } = outcome;
    return { wrong: refusalWords(refusal, screenOf(deps)), field: fieldOf(refusal) };
  }
  return { reply: ended(deps, outcome, (after) => saying(offeredWords(deps, incident, after, wanted))) };
}

function offeredWords(
  deps: SlackDeps,
  before: Incident,
  after: Incident,
  { role, user, by }: Offering,
): string {
  const word = roleWord(role, screenOf(deps));
  const holder = after.roles[role]?.user ?? by;
  const who = deps.people.name(user);
  const stays = holder === by ? `You stay ${word}` : `${deps.people.name(holder)} stays ${word}`;
  const sees = after.isPrivate && !before.members.includes(user);
  return [
    `${who} is asked by direct message to take ${word} of ${numberOf(after)}.`,
    `${stays} until ${who} accepts.`,
    after.paused
      ? `Reminders are paused until ${utc(after.paused.untilAt, screenOf(deps))}: nobody is asked again before.`
      : '',
    sees ? `${numberOf(after)} is private: ${who} can see it from now on.` : '',
  ]
    .filter((words) => words !== '')
    .join(' ');
}

/** The form, when there is something to hand over. */
function openModal(deps: SlackDeps, incident: Incident, begun: Begun): Reply {
  if (!isOpen(incident)) return refused(deps, whenEnded(incident));
  const { command } = deps.config();
  if (!roleNames.some((role) => incident.roles[role])) {
    return saying(
      `Nobody holds a role in ${numberOf(incident)}, so there is nothing to hand over. Nothing changed. Give one: ${command} role commander @name`,
    );
  }
  if (begun.role && !incident.roles[begun.role]) {
    return refused(deps, { refused: 'nothing-to-hand-over', role: begun.role });
  }
  return { modal: handoffModal(incident, screenOf(deps), begun) };
}

type Answer = 'accept-offer' | 'decline-offer' | 'withdraw-offer';

/** Yes, no, or taken back. */
async function answer(
  deps: SlackDeps,
  type: Answer,
  { incident, user, cause }: Pick<Click, 'incident' | 'user' | 'cause'>,
  role: Role,
): Promise<Reply> {
  const word = roleWord(role, screenOf(deps));
  const outcome = await deps.engine.handle(incident.id, { type, by: person(user), role }, cause);
  return ended(deps, outcome, (after) => {
    const holder = deps.people.name(after.roles[role]?.user ?? user);
    const words: Record<Answer, string> = {
      'accept-offer': `You are ${word} of ${numberOf(after)}. What that means is in your DMs.`,
      'decline-offer': `Fine: ${holder} stays ${word} of ${numberOf(after)}, and hears of it.`,
      'withdraw-offer': `The offer is withdrawn. ${holder} stays ${word} of ${numberOf(after)}.`,
    };
    return saying(words[type]);
  });
}

const answers: Readonly<Record<string, Answer>> = {
  accept: 'accept-offer',
  decline: 'decline-offer',
  withdraw: 'withdraw-offer',
};

/** `handoff accept [role]`: what the buttons do. Without a role, the only one it can be about. */
function answerInWords(
  deps: SlackDeps,
  word: string,
  rest: string,
  about: Pick<Click, 'incident' | 'user' | 'cause'>,
): Promise<Reply> | Reply {
  const type = answers[word] ?? 'withdraw-offer';
  const { incident, user } = about;
  const offered =
    type === 'withdraw-offer'
      ? roleNames.filter((role) => incident.offers?.[role])
      : offeredTo(incident, user);
  const said = firstWord(rest).word;
  if (said !== '' && !isRole(said)) return unknownWord(deps, said);
  const role = said === '' ? offered[0] : said;
  const { command } = deps.config();
  if (said === '' && offered.length > 1) {
    return saying(
      `Which role: ${offered.join(', ')}? ${command} handoff ${word} ${offered[0]}. Nothing changed.`,
    );
  }
  if (role === undefined || !isRole(role)) {
    const whose = type === 'withdraw-offer' ? 'No role is offered to anybody' : 'No role is offered to you';
    return saying(`${whose} in ${numberOf(incident)}. Nothing changed. Who holds what: ${command} roles`);
  }
  return answer(deps, type, about, role);
}

/** A word in front of a person, or where a person should be. */
function unknownWord(deps: SlackDeps, word: string): Reply {
  const typed = readable(word, screenOf(deps));
  const like = `Like this: ${deps.config().command} handoff commander @name. Nothing changed.`;
  if (typed.startsWith('@')) {
    return refusing(
      `No person here is called ${oneLine(typed, 60)}: choose a name that Slack offers. ${like}`,
    );
  }
  const close = nearest(word, roleNames);
  const hint = close ? ` Did you mean ${close}?` : '';
  return refusing(`${quoted(typed)} is no role.${hint} Roles: ${roleNames.join(', ')}. ${like}`);
}

/** Two names one behind the other; one further back is part of what the first should know. */
const severalPeople = /<@[^<>]*>[\s,&]*(?:and\s+)?<@/;

/** What was typed: a role in front of the person or after, the person, and what they should know. */
function parse(text: string): Begun & { unknown?: string } {
  const mentioned = mentionedUser(text);
  const isFirst = /^\s*<@/.test(text);
  const { word, rest } = firstWord(mentioned?.rest ?? text);
  const user = mentioned?.user;
  const words = (typed: string): string => unescaped(named(typed));
  if (isRole(word)) return { role: word, user, words: words(rest) };
  if (word !== '' && !isFirst) return { user, unknown: word };
  return { user, words: words(mentioned?.rest ?? '') };
}

/** `/incident handoff [role] @bea what she should know`; the form when something is missing. */
export const handoff: IncidentCommand = {
  about: 'incident',
  run: async (deps, { user: by, text, cause }, incident) => {
    const { word, rest } = firstWord(text);
    if (Object.hasOwn(answers, word)) return answerInWords(deps, word, rest, { incident, user: by, cause });
    if (severalPeople.test(text)) {
      const { command } = deps.config();
      return refusing(`Only one person can take it: ${command} handoff commander @name. Nothing changed.`);
    }
    const { unknown, user, role: said, words = '' } = parse(text);
    if (unknown === 'me' || (said && !user && words === 'me')) {
      const { command } = deps.config();
      return saying(`To take a role yourself: ${command} role ${said ?? 'commander'} me. Nothing changed.`);
    }
    if (unknown !== undefined) return unknownWord(deps, unknown);
    if (said && !user && words !== '') {
      const { command } = deps.config();
      return saying(`Whom? Mention a person: ${command} handoff ${said} @name. Nothing changed.`);
    }
    const own = roleNames.filter((role) => incident.roles[role]?.user === by);
    const role = said ?? (own.length === 1 ? own[0] : undefined);
    if (role === undefined || user === undefined) {
      return openModal(deps, incident, { role: role ?? own[0], user, words });
    }
    const outcome = await offer(deps, { incident, by, role, user, words, cause });
    return 'wrong' in outcome ? saying(outcome.wrong) : outcome.reply;
  },
};

async function rolesFor(deps: SlackDeps, user: string, incident: Incident): Promise<Reply> {
  const held = Object.values(incident.roles).map((one) => one.user);
  const asked = Object.values(incident.offers ?? {}).map((one) => one.to);
  await deps.people.learn([...held, ...asked]);
  return rolesMessage(incident, user, screenOf(deps));
}

/** `/incident roles`: who holds what, since when. */
export const roles: IncidentCommand = {
  about: 'incident',
  run: (deps, { user }, incident) => rolesFor(deps, user, incident),
};

export const clickRoles: ClickHandler = (deps, { user, incident }) => rolesFor(deps, user, incident);

const tooOld = saying('This button is too old. Nothing changed.');

export const clickHandoff: ClickHandler = async (deps, { incident, target, user }) => {
  const own = roleNames.find((role) => incident.roles[role]?.user === user);
  const role = isRole(target.id ?? '') ? (target.id as Role) : own;
  return openModal(deps, incident, { role });
};

export const clickTakeRole: ClickHandler = (deps, { incident, target, user, cause }) =>
  isRole(target.id ?? '')
    ? assign(deps, { incident, by: user, role: target.id as Role, user, onlyIfVacant: true, cause })
    : Promise.resolve(tooOld);

const clickAnswer =
  (type: Answer): ClickHandler =>
  async (deps, click) =>
    isRole(click.target.id ?? '') ? answer(deps, type, click, click.target.id as Role) : tooOld;

export const clickAcceptOffer = clickAnswer('accept-offer');
export const clickDeclineOffer = clickAnswer('decline-offer');
export const clickWithdrawOffer = clickAnswer('withdraw-offer');

export const submitHandoff: SubmissionHandler = async (deps, { user: by, incident, values, cause }) => {
  if (!incident) return null;
  const parsed = parseHandoff(values);
  if ('errors' in parsed) return parsed;
  const outcome = await offer(deps, { incident, by, ...parsed.ok, cause });
  return 'wrong' in outcome ? { errors: { [outcome.field]: outcome.wrong } } : outcome.reply;
};
