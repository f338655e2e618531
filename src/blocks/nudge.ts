import type { Incident, NudgeRule } from '../incident/incident.ts';
import { nextStepOf } from '../incident/ladder.ts';
import { ladderOf } from '../incident/nudge-rules.ts';
import type { Rung } from '../incident/rungs.ts';
import { actions, button, escaped, type Message, message, type Screen } from './message.ts';
import { type Asked, wordsOf } from './nudge-words.ts';
import { channelLink, date, flat, type Line, lines, mention, nameOf, type Piece } from './rich-text.ts';
import { capital, heading, idOf, pushTitle, whom } from './wording.ts';

/** Which rung of which rule speaks, and the due time (epoch ms) it is about. */
export interface NudgeRung {
  rule: NudgeRule;
  rung: number;
  dueAt: number;
}

/** The clock's message: to whom, which rule and why, what was last, what to press, and what comes if nobody answers. */
export function nudge(incident: Incident, { rule, rung, dueAt }: NudgeRung, screen: Screen): Message {
  const rungs = ladderOf(incident, rule)?.rungs ?? [];
  const speaks = rungs[rung];
  const words = wordsOf(rule);
  const asked: Asked = { via: speaks?.via ?? 'channel', dueAt };
  const question = words.question(asked);
  const wish: Piece[] = [
    ...words.fact(incident, screen, asked),
    ' (',
    ...words.why(incident, screen, asked),
    ').',
    question && ` ${question}`,
  ];
  const isMessage = asked.via === 'dm';
  const addressed: Piece[] = speaks?.to && !isMessage ? [mention(speaks.to, screen), ' '] : [];
  return message(
    `${flat(screen, ...addressed)}${escaped(`${pushTitle(incident)}: `)}${flat(screen, ...wish)} ${idOf(incident)}`,
    lines(
      isMessage && heading(incident),
      addressed.length > 0 ? [...addressed, ...wish] : begun(wish),
      words.background(incident, screen),
      otherwise(
        incident,
        rungs.slice(rung + 1),
        dueAt + lateMs(incident, rungs[rung + 1], { rule, rung, dueAt }),
        screen,
      ),
      isMessage && incident.channel && channelLink(incident.channel),
    ),
    buttons(incident, rule, asked),
  );
}

/** A sentence that nobody's name begins. */
const begun = ([first, ...rest]: readonly Piece[]): Piece[] => [
  typeof first === 'string' ? capital(first) : first,
  ...rest,
];

/** A rung that came late moves those after it: by how much. */
function lateMs(incident: Incident, next: Rung | undefined, { rule, dueAt }: NudgeRung): number {
  const notBeforeAt = incident.nudges.rules[rule]?.notBeforeAt ?? null;
  return next && notBeforeAt !== null ? Math.max(0, notBeforeAt - (dueAt + next.afterMs)) : 0;
}

/** `No answer: commander 03:32, page 03:37.` */
function otherwise(incident: Incident, later: readonly Rung[], dueAt: number, screen: Screen): Line {
  const parts = later.flatMap((rung, index): Piece[] => {
    const words = whatThen(incident, rung, screen);
    return words === null ? [] : [index === 0 ? '' : ', ', `${words} `, date(dueAt + rung.afterMs, screen)];
  });
  return parts.length === 0 ? null : ['No answer: ', ...parts, '.'];
}

function whatThen(incident: Incident, rung: Rung, screen: Screen): string | null {
  switch (rung.via) {
    case 'page': {
      const next = nextStepOf(incident);
      return next ? `page ${whom(next.step, incident, screen)}` : null;
    }
    case 'mention':
      if (rung.to === null) return 'asked again';
      return rung.to === incident.roles.commander?.user ? 'commander' : nameOf(rung.to, screen);
    case 'channel':
      return 'asked in the channel';
    case 'dm':
      return null;
  }
}

function buttons(incident: Incident, rule: NudgeRule, asked: Asked): ReturnType<typeof actions> {
  const target = { incident: incident.id, rule };
  const answers = wordsOf(rule).answers(incident, asked);
  return actions(
    ...answers.map(({ label, action, look, user }, index) =>
      button(label, action, user ? { ...target, user } : target, {
        // The severities are equals: none is the answer we would like to hear.
        ...(index === 0 && rule !== 'severity-unsure' ? { style: 'primary' as const } : {}),
        ...look,
      }),
    ),
    button('Snooze…', 'snooze', target),
    button('Stop', 'stop', target),
  );
}
