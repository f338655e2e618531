import type { Incident } from '../incident/incident.ts';
import type { Figures } from './figures.ts';

/** The sections that ask something. */
export type Asking =
  | 'impact'
  | 'detection'
  | 'cause'
  | 'resolution'
  | 'communication'
  | 'well'
  | 'poorly'
  | 'lucky'
  | 'gaps'
  | 'actions';

/** What the data cannot show. `open` ones are asked in the channel too; the others only prompt the writer. */
export interface Question {
  section: Asking;
  text: string;
  open: boolean;
}

const open = (section: Asking, text: string): Question => ({ section, text, open: true });
const prompt = (section: Asking, text: string): Question => ({ section, text, open: false });

/** Every question this incident leaves, in the order of the sections. Never an invention: what is known is not asked. */
export function questionsOf(incident: Incident, counted: Figures): Question[] {
  return [
    ...impact(incident.impactText, incident.impact.dataLoss),
    ...detection(incident, counted),
    open('cause', 'what made it fail, and what had changed before?'),
    ...resolution(incident),
    counted.updates === 0
      ? open('communication', 'who was told, when, and by whom?')
      : prompt('communication', 'what did customers hear, when, and was it enough?'),
    prompt('well', 'what else helped, and should be kept?'),
    prompt('poorly', 'what else slowed us down or misled us?'),
    open('lucky', 'what could easily have made it worse, and did not?'),
    prompt('gaps', 'which signal, document or owner was missing when it was needed?'),
    open('actions', 'what will we change, who does it, and by when?'),
  ];
}

function impact(impactText: string, dataLoss: boolean | undefined): Question[] {
  const who = impactText === '' ? [open('impact', 'who was affected, and what could they not do?')] : [];
  const lost = dataLoss === undefined ? [prompt('impact', 'was any data lost or exposed?')] : [];
  return [...who, prompt('impact', 'how many customers or requests, and what did it cost?'), ...lost];
}

function detection(incident: Incident, counted: Figures): Question[] {
  if (incident.declaredBy.kind !== 'person') {
    return [prompt('detection', 'could the alert have come earlier or said more?')];
  }
  const isStartKnown = counted.startedAt !== incident.times.declaredAt;
  return [
    ...(isStartKnown ? [] : [open('detection', 'when did it really start?')]),
    open('detection', 'which alert should have found it first?'),
  ];
}

function resolution(incident: Incident): Question[] {
  const { resolution: fix, status } = incident;
  if (status === 'canceled') return [prompt('resolution', 'is it certain that nothing was wrong?')];
  if (!fix) return [open('resolution', 'is it over, and how was it fixed?')];
  return [
    ...(fix.text === '' ? [open('resolution', 'what exactly was done, and why did it work?')] : []),
    ...(fix.verified ? [] : [open('resolution', 'how do we know that it has recovered?')]),
    prompt('resolution', 'what was tried and did not work?'),
  ];
}

/** Five whys: each asks about the answer before it. */
export const whys: readonly string[] = [
  'why did users notice something?',
  'why did that happen?',
  'why was that possible?',
  'why was it not caught before it reached users?',
  'why had nobody needed to deal with that before?',
];
