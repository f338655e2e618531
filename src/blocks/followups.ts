import type { KnownBlock } from '@slack/types';
import type { Fact } from '../incident/facts.ts';
import { type Followup, followupsOf, openFollowups } from '../incident/followups.ts';
import type { Incident } from '../incident/incident.ts';
import { actions, button, escaped, type Message, message, oneLine, type Screen } from './message.ts';
import { bold, channelLink, date, flat, type Line, lines, nameOf, type Piece } from './rich-text.ts';
import { byWords, count, heading, idOf, lineLengthMax, list, pushTitle, titleOf } from './wording.ts';

/** So many that are still to do are shown, with a button each; and so many that are done. */
const openShownMax = 15;
const doneShownMax = 10;

/** `Follow-up 2: limit the retries`, `… (from INC-12)` */
const title = (one: Pick<Followup, 'n' | 'text' | 'from'>): string =>
  `Follow-up ${one.n}: ${oneLine(one.text, lineLengthMax)}${fromWords(one)}`;

/** ` (from INC-12)`, for one that came with a merge. */
export const fromWords = ({ from }: Pick<Followup, 'from'>): string => (from ? ` (from ${idOf(from)})` : '');

/** `due 9 Mar 17:00`, `was due 9 Mar 17:00`; null when nobody said by when. */
function dueWords({ dueAt }: Pick<Followup, 'dueAt'>, screen: Screen): Piece[] | null {
  if (dueAt === null) return null;
  return [dueAt <= screen.now ? 'was due ' : 'due ', date(dueAt, screen)];
}

const asDue = (one: Followup, screen: Screen): Piece[] => {
  const due = dueWords(one, screen);
  return due ? [' ', ...due] : [];
};

const ownerWords = ({ owner }: Pick<Followup, 'owner'>, screen: Screen): string =>
  owner === null ? 'nobody owns it yet' : nameOf(owner, screen);

/** **Done** of one follow-up. */
export const doneButton = (incident: Incident, { n }: Followup) =>
  button(
    'Done',
    'followup-done',
    { incident: incident.id, id: String(n) },
    { spoken: `Done: follow-up ${n} of ${idOf(incident)}` },
  );

/** All of one incident, what is still to do first, each with **Done**. */
export function followupList(incident: Incident, screen: Screen): Message {
  const all = followupsOf(incident);
  const open = openFollowups(incident);
  const done = all.filter(({ doneAt }) => doneAt !== null);
  if (incident.status === 'merged') {
    const moved = movedWords(incident, screen);
    return message(escaped(moved), lines(moved), doneLines(done, screen));
  }
  const add = actions(button('Add a follow-up…', 'followup', { incident: incident.id }));
  if (all.length === 0) {
    const none = `${idOf(incident)} has no follow-ups yet. What shall not be forgotten? ${screen.command} followup add limit the retries @bea by friday`;
    return message(escaped(none), lines(none), add);
  }
  const summary = `Follow-ups of ${idOf(incident)}: ${open.length} to do, ${done.length} done`;
  return message(
    escaped(summary),
    lines(bold(summary), titleOf(incident)),
    ...open.slice(0, openShownMax).flatMap((one) => entry(incident, one, screen)),
    open.length > openShownMax ? lines(`and ${open.length - openShownMax} more to do`) : null,
    doneLines(done, screen),
    add,
  );
}

/** Where to look for what is still to do after a merge; of a private one not even the number is told. */
function movedWords({ id, survivor }: Incident, screen: Screen): string {
  const goesOn = 'what was still to do goes on there';
  return survivor && !survivor.isPrivate
    ? `${idOf({ id })} was merged into ${idOf(survivor)}: ${goesOn}. ${screen.command} ${idOf(survivor)} followup list`
    : `${idOf({ id })} was merged into a private incident: ${goesOn}.`;
}

function entry(incident: Incident, one: Followup, screen: Screen): (KnownBlock | null)[] {
  const due = dueWords(one, screen);
  return [
    lines(title(one), [ownerWords(one, screen), ...(due ? [', ', ...due] : [])]),
    actions(doneButton(incident, one)),
  ];
}

function doneLines(done: readonly Followup[], screen: Screen): KnownBlock | null {
  const shown = done.slice(-doneShownMax);
  const more = done.length - shown.length;
  return lines(
    ...shown.map(
      (one): Line => [`Done: ${title(one)} (`, one.doneAt !== null && date(one.doneAt, screen), ')'],
    ),
    more > 0 && `and ${more} more that ${more === 1 ? 'is' : 'are'} done`,
  );
}

/** What the person who added it reads: how it was understood. */
export function followupAdded(one: Followup, incident: Incident, screen: Screen): Message {
  const due = dueWords(one, screen) ?? ['no date'];
  const pieces: Piece[] = [
    `${title(one)}. `,
    one.owner === null ? 'Nobody owns it yet, ' : `For ${nameOf(one.owner, screen)}, `,
    ...due,
    `. ${idOf(incident)}`,
  ];
  return message(flat(screen, ...pieces), lines(pieces), actions(doneButton(incident, one)));
}

/** What the person who snoozed it reads. `untilAt` epoch ms. */
export function followupSnoozed(one: Followup, untilAt: number, screen: Screen): Message {
  const pieces: Piece[] =
    one.owner === null
      ? [`Nobody owns follow-up ${one.n}, so nobody is reminded of it.`]
      : [`${nameOf(one.owner, screen)} is reminded of follow-up ${one.n} again `, date(untilAt, screen), '.'];
  return message(flat(screen, ...pieces), lines(pieces));
}

/** The owner's DM: somebody gave them something to do. */
export function followupForYou(
  fact: Extract<Fact, { type: 'followup-added' }>,
  incident: Incident,
  screen: Screen,
): Message {
  const due = dueWords(fact, screen);
  const one = followupsOf(incident).find(({ n }) => n === fact.n);
  const first: Piece[] = [
    `${byWords(fact.by, screen)} gave you follow-up ${fact.n}`,
    ...(due ? [', ', ...due] : []),
    `: ${oneLine((one ?? fact).text, lineLengthMax)}`,
  ];
  return message(
    `${escaped(`${pushTitle(incident)}. `)}${flat(screen, ...first)} ${idOf(incident)}`,
    lines(heading(incident), first, incident.channel && channelLink(incident.channel)),
    one && one.doneAt === null ? actions(doneButton(incident, one)) : null,
  );
}

/** The clock's DM: what of theirs is due soon or late, each with **Done** and **Snooze…**, and why it asks. */
export function followupsAsked(
  fact: Extract<Fact, { type: 'followups-asked' }>,
  incident: Incident,
  screen: Screen,
): Message {
  const asked = openFollowups(incident).filter(({ n }) => fact.ns.includes(n));
  const [first] = asked;
  const push: Piece[] =
    asked.length === 1 && first
      ? [`Your follow-up ${first.n}`, ...asDue(first, screen), `: ${oneLine(first.text, 150)}`]
      : [
          `${count(asked.length, 'follow-up')} of yours want to be done: `,
          list(asked.map(({ text }) => oneLine(text, 150))),
          '.',
        ];
  return message(
    `${escaped(`${pushTitle(incident)}. `)}${flat(screen, ...push)} ${idOf(incident)}`,
    lines(heading(incident), asked.length === 1 ? 'Is this done?' : 'Are these done?'),
    ...asked
      .slice(0, openShownMax)
      .flatMap((one) => [
        lines(title(one), dueWords(one, screen)),
        actions(
          doneButton(incident, one),
          button(
            'Snooze…',
            'followup-snooze',
            { incident: incident.id, id: String(one.n) },
            { spoken: `Snooze… follow-up ${one.n}` },
          ),
        ),
      ]),
    asked.length > openShownMax ? lines(`and ${asked.length - openShownMax} more`) : null,
    lines(
      'You are asked 2 days before it is due and every week after, in your working hours.',
      incident.channel && channelLink(incident.channel),
    ),
  );
}
