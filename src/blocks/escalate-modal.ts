import type { ModalView } from '@slack/types';
import type { Incident } from '../incident/incident.ts';
import { nextStepOf } from '../incident/ladder.ts';
import type { PageOrder } from '../incident/page-order.ts';
import {
  chosen,
  chosenUser,
  type FormValues,
  field,
  modal,
  type Parsed,
  select,
  someone,
  writing,
  written,
} from './form.ts';
import { limits, oneLine, type Screen } from './message.ts';
import { lines, utc } from './rich-text.ts';
import { capital, comesNext, idOf, lineLengthMax, theTarget, whom } from './wording.ts';

/** A target that can be named. `who`: whom it means now and what time it is there, "Dana, 03:12 there". */
export interface EscalationChoice {
  name: string;
  who?: string;
}

/** What the caller already said; `question` asks once more, "Page Dana? 03:12 there". */
export interface EscalationBeginning {
  name?: string;
  user?: string;
  reason?: string;
  question?: string;
}

const nextStep = 'next';
const namedPrefix = 'named:';

/** A longer name fits no menu (and an empty menu is refused); it can still be typed. */
const isOffered = ({ name }: EscalationChoice): boolean =>
  `${namedPrefix}${name}`.length <= limits.optionValue;

/** Fires the next step now, or pages somebody else. Says who that is before it wakes them. */
export function escalateModal(
  incident: Incident,
  targets: readonly EscalationChoice[],
  screen: Screen,
  initial: EscalationBeginning = {},
): ModalView {
  const next = nextStepOf(incident);
  const nextChoice = next && {
    value: nextStep,
    label: `Next step now: ${whom(next.step, incident, screen)}`,
    description: `otherwise ${utc(next.at, screen)}`,
  };
  const choices = [
    ...(nextChoice ? [nextChoice] : []),
    ...targets.filter(isOffered).map(({ name, who }) => ({
      value: `${namedPrefix}${name}`,
      label: capital(theTarget(name, screen)),
      description: who && oneLine(who, 75, ''),
    })),
  ];
  return modal(
    'escalate',
    {
      title: `Escalate ${idOf(incident)}`,
      submit: 'Page now',
      metadata: { incident: incident.id },
    },
    lines(initial.question ?? (incident.acknowledged ? null : comesNext(incident, screen))),
    choices.length === 0
      ? null
      : field('target', 'Whom?', select(choices, initialChoice(initial, nextChoice !== null)), {
          optional: true,
        }),
    field('user', 'Or a person', someone(initial.user ?? null), {
      optional: true,
      hint: 'Paged at once, whatever time it is there.',
    }),
    field(
      'reason',
      'What do you need from them?',
      writing({ lengthMax: lineLengthMax, initial: initial.reason }),
      { optional: true },
    ),
  );
}

function initialChoice({ name, user }: EscalationBeginning, hasNext: boolean): string | null {
  if (name !== undefined) return `${namedPrefix}${name}`;
  return hasNext && user === undefined ? nextStep : null;
}

/** `target` absent: the next step of the ladder. A person, when chosen, wins. */
export function parseEscalate(values: FormValues): Parsed<{ target?: PageOrder['target']; text: string }> {
  const text = written(values, 'reason');
  const user = chosenUser(values, 'user');
  if (user !== null) return { ok: { target: { kind: 'user', user }, text } };
  const choice = chosen(values, 'target');
  if (choice === nextStep) return { ok: { text } };
  if (choice?.startsWith(namedPrefix)) {
    return { ok: { target: { kind: 'named', name: choice.slice(namedPrefix.length) }, text } };
  }
  return { errors: { user: 'Choose whom to page.' } };
}
