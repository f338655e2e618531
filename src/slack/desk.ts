import type { DeskActionId, Target } from '../blocks/actions.ts';
import { coverAsked, coverList, coverMade, readDeskTarget } from '../blocks/cover.ts';
import { deskRefusal } from '../blocks/desk-words.ts';
import { message } from '../blocks/message.ts';
import { flat, lines, spelledOut } from '../blocks/rich-text.ts';
import { whenProblem } from '../blocks/when-words.ts';
import type { DeskFact, DeskRefusal } from '../oncall/desk.ts';
import type { Place } from '../oncall/schedule.ts';
import { readSpan } from '../oncall/span.ts';
import type { Zone } from '../oncall/when.ts';
import type { DeskCommitted } from '../store/store.ts';
import { type Invocation, mentionedUser, named, quoted, unescaped } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { deskOf, teamAtEnd, teamMeant, teamsOf, teamsOnCall } from './desk-team.ts';
import { type Reply, refusing, saying } from './reply.ts';

type Run = (deps: SlackDeps, invocation: Invocation) => Promise<Reply>;

/** What follows `/incident oncall`, beside the name of a service. */
export const deskCommands: Readonly<Record<string, Run>> = {
  override: (deps, invocation) => override(deps, invocation),
  cover: (deps, invocation) => cover(deps, invocation),
  covers: (deps, invocation) => covers(deps, invocation),
  test: (deps, invocation) => test(deps, invocation),
};

async function zoneOf(deps: SlackDeps, user: string): Promise<Zone> {
  const found = await deps.people.find(user).catch(() => deps.people.known(user));
  const { timeZone, to } = deps.config().workingHours;
  return { timeZone: found?.timeZone ?? timeZone, dayEndsAt: to };
}

/** What the words of `override` and `cover` say, whatever their order; or what is wrong with them. */
async function readWords(
  deps: SlackDeps,
  { user, text }: Pick<Invocation, 'user' | 'text'>,
  example: string,
): Promise<{ place: Place; team: string | null; from: number; until: number } | { refused: Reply }> {
  const typed = unescaped(text).trim().replace(/\s+/g, ' ');
  const found = /(?:^| )(?:as )?(primary|secondary)(?= |$)/i.exec(typed);
  const bare = found ? typed.replace(found[0], ' ').trim() : typed;
  const teams = teamsOnCall(deps);
  const atEnd = teamAtEnd(bare, teams);
  const words = atEnd?.rest ?? bare;
  const cure = `Write it like ${deps.config().command} oncall ${example}. Nothing changed.`;
  if (words === '') return { refused: refusing(`For how long? ${cure}`) };
  const slip = tooManyHours(words);
  if (slip) return { refused: refusing(`${slip} Nothing changed.`) };
  const span = readSpan(words, deps.clock.now(), await zoneOf(deps, user));
  if ('problem' in span) {
    const isTime = span.problem !== 'unreadable';
    const why = isTime
      ? whenProblem(span.typed, span.problem)
      : `I cannot read a time in ${quoted(span.typed)}.`;
    return { refused: refusing(`${why} ${cure}`) };
  }
  if (span.rest !== '') {
    const known = teams.slice(0, 20).join(', ');
    return {
      refused: refusing(
        `${quoted(span.rest)} is no team with an on-call list. Nothing changed. There is: ${known}.`,
      ),
    };
  }
  const place = found?.[1]?.toLowerCase() === 'secondary' ? 'secondary' : 'primary';
  return { place, team: atEnd?.team ?? null, from: span.from, until: span.until };
}

/** Written in hours, more than a week is a slip of the finger: who means it writes days. */
const hoursMax = 168;

function tooManyHours(words: string): string | null {
  const typed = /^(?:for )?(\d{1,4}) ?(?:h|hrs?|hours?)(?=\s|$)/i.exec(words)?.[1];
  const hours = Number(typed ?? 0);
  if (hours <= hoursMax) return null;
  return `${hours} hours are more than a week: if you mean it, write it in days, like ${Math.round(hours / 24)}d.`;
}

/** `/incident oncall override @bea 2h [secondary] [team]`: she is on call for that time, without being asked. */
async function override(deps: SlackDeps, { user, text, cause }: Invocation): Promise<Reply> {
  const mentioned = mentionedUser(text) ?? mentionedMe(text, user);
  const example = 'override @name 2h, or override @name from 18:00 to 22:00';
  if (!mentioned || mentionedUser(mentioned.rest)) {
    return refusing(
      `Who shall be on call? Mention one person. Nothing changed. Write it like ${deps.config().command} oncall ${example}.`,
    );
  }
  const unwakeable = await whyNot(deps, mentioned.user);
  if (unwakeable) return refusing(unwakeable);
  const words = await readWords(deps, { user, text: named(mentioned.rest) }, example);
  if ('refused' in words) return words.refused;
  const meant =
    words.team === null ? teamMeant(deps, [user, mentioned.user], `oncall override ${text}`) : null;
  if (meant && 'reply' in meant) return meant.reply;
  const team = words.team ?? meant?.team ?? '';
  const { place, from, until } = words;
  const command = { type: 'override', by: user, user: mentioned.user, place, from, until } as const;
  const outcome = await deps.engine.handleDesk(team, command, cause);
  const made = factOf(outcome, 'cover-added');
  await deps.people.learn([mentioned.user, ...usersIn(made?.cover.covered)]);
  return answered(deps, team, outcome, () =>
    made ? coverMade(outcome.desk, made.cover, user, screenOf(deps)) : doneBefore,
  );
}

const usersIn = (member: { kind: string; value: string } | null | undefined): string[] =>
  member?.kind === 'user' ? [member.value] : [];

const mentionedMe = (text: string, user: string) =>
  /^\s*me(\s|$)/i.test(text) ? { user, rest: text.trim().slice(2).trim() } : null;

/** Why this person can wake up to nothing; null: they can. */
async function whyNot(deps: SlackDeps, user: string): Promise<string | null> {
  const cure = 'Nothing changed. Name a member of this workspace.';
  try {
    const found = await deps.people.find(user);
    if (!found) return `Slack knows nobody by that name. ${cure}`;
    if (found.isMember) return null;
    return `${found.name} cannot be paged: a guest, a bot, deactivated, or of another organisation. ${cure}`;
  } catch {
    // Known from before: better somebody than nobody while Slack is slow.
    const known = deps.people.known(user);
    return known?.isMember
      ? null
      : 'Slack does not say who that is. Nothing changed. Please try again in a minute.';
  }
}

/** `/incident oncall cover 2h`, `cover from 18:00 to 22:00 [team]`: the others of the rotation are asked. */
async function cover(deps: SlackDeps, { user, text, cause }: Invocation): Promise<Reply> {
  const mentioned = mentionedUser(text);
  if (mentioned) {
    await deps.people.learn([mentioned.user]);
    const cure = `${deps.config().command} oncall override @${deps.people.name(mentioned.user)} 2h`;
    return refusing(
      `Cover is asked of everybody in the rotation; whoever takes it first has it. Nothing changed. To put one person in: ${cure}.`,
    );
  }
  const words = await readWords(deps, { user, text }, 'cover 2h, or cover from 18:00 to 22:00');
  if ('refused' in words) return words.refused;
  const meant = words.team === null ? teamMeant(deps, [user], `oncall cover ${text}`) : null;
  if (meant && 'reply' in meant) return meant.reply;
  const team = words.team ?? meant?.team ?? '';
  const { from, until } = words;
  const outcome = await deps.engine.handleDesk(team, { type: 'ask-cover', by: user, from, until }, cause);
  const asked = factOf(outcome, 'cover-asked');
  const request = outcome.desk.requests.find(({ n }) => n === asked?.request.n);
  await deps.people.learn(request?.asked ?? []);
  return answered(deps, team, outcome, () =>
    request ? coverAsked(outcome.desk, request, screenOf(deps)) : doneBefore,
  );
}

/** `/incident oncall covers [team]`. */
async function covers(deps: SlackDeps, { user, text }: Invocation): Promise<Reply> {
  const typed = unescaped(text).trim();
  const teams = teamsOnCall(deps);
  const wanted = typed === '' ? teams : teams.filter((team) => team.toLowerCase() === typed.toLowerCase());
  if (wanted.length === 0 && typed !== '') {
    return refusing(
      `${quoted(typed)} is no team with an on-call list. There is: ${teams.slice(0, 20).join(', ')}.`,
    );
  }
  const desks = wanted.map((team) => deskOf(deps, team));
  const named = desks.flatMap((desk) => [
    ...desk.covers.flatMap(({ by, member, covered }) => [by, ...usersIn(member), ...usersIn(covered)]),
    ...desk.requests.map(({ by }) => by),
  ]);
  await deps.people.learn(named);
  return coverList(desks, user, screenOf(deps));
}

/** `/incident oncall test`: a page to me, about nothing. */
async function test(deps: SlackDeps, { user, cause }: Invocation): Promise<Reply> {
  const team = teamsOf(deps, user)[0] ?? teamsOnCall(deps)[0] ?? '';
  const outcome = await deps.engine.handleDesk(team, { type: 'test-page', by: user }, cause);
  return answered(deps, team, outcome, () =>
    saying('A test page is on its way to you, by direct message. Press Acknowledge there.'),
  );
}

const doneBefore = saying('That was done already.');

function factOf<Type extends DeskFact['type']>(outcome: DeskCommitted, type: Type) {
  const facts = outcome.outcome === 'committed' ? outcome.facts : [];
  return facts.find((fact): fact is Extract<DeskFact, { type: Type }> => fact.type === type) ?? null;
}

function answered(deps: SlackDeps, team: string, outcome: DeskCommitted, success: () => Reply): Reply {
  return outcome.outcome === 'refused' ? refusedByDesk(deps, outcome.refusal, team) : success();
}

function refusedByDesk(deps: SlackDeps, refusal: DeskRefusal, team: string): Reply {
  const screen = screenOf(deps);
  const words = deskRefusal(refusal, team, screen);
  return { ...message(flat(screen, ...words), lines(words)), refused: spelledOut(words, screen) };
}

/** A button of a desk, pressed by one person. */
export async function clickAtDesk(
  deps: SlackDeps,
  action: DeskActionId,
  { user, target, cause }: { user: string; target: Target; cause: string },
): Promise<Reply> {
  const about = readDeskTarget(target);
  if (!about) return saying('This button is too old. Nothing changed.');
  const { n, team } = about;
  const { command, says } = deskClicks[action];
  const outcome = await deps.engine.handleDesk(team, { type: command, by: user, n }, cause);
  return answered(deps, team, outcome, () => saying(says));
}

const deskClicks = {
  'accept-cover': { command: 'accept-cover', says: 'Thank you: it is yours. Everybody it concerns is told.' },
  'decline-cover': { command: 'decline-cover', says: 'Thanks for saying so. Nothing changes for you.' },
  'withdraw-cover': { command: 'withdraw-request', says: 'Taken back: nobody is asked any more.' },
  'remove-cover': {
    command: 'remove-cover',
    says: 'The cover is taken back. Everybody it concerns is told.',
  },
  'acknowledge-test': { command: 'acknowledge-test', says: 'The test page is acknowledged.' },
} as const satisfies Record<DeskActionId, object>;
