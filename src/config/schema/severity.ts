import { z } from 'zod';
import {
  flagMetrics,
  type levels,
  numberMetrics,
  priorities,
  type Rule,
  type Threshold,
} from '../../incident/classify.ts';
import {
  durationOrNone,
  field,
  flag,
  named,
  oneOf,
  perSeverity,
  section,
  severity,
  text,
} from '../fields.ts';

export const severitiesSection = perSeverity(
  section({
    name: text(20),
    meaning: text(200),
    respondWithin: durationOrNone,
    updateEvery: durationOrNone,
    whoIsTold: text(200),
  }).transform(({ respondWithin, updateEvery, ...rest }) => ({
    ...rest,
    respondWithinMs: respondWithin,
    updateEveryMs: updateEvery,
  })),
);

const threshold = field<Threshold>({
  what: 'a lower bound',
  cure: (value) => `write it like ">= ${typeof value === 'number' ? value : 50}"`,
  read: (value) => {
    const parts = typeof value === 'string' ? /^\s*(>=?)\s*(\d{1,9}(?:\.\d{1,3})?)\s*$/.exec(value) : null;
    if (!parts) return undefined;
    return { operator: parts[1] === '>' ? '>' : '>=', value: Number(parts[2]) };
  },
});

const holds = field<true>({
  what: 'true',
  cure: 'write true, or leave the condition out',
  read: (value) => (value === true ? true : undefined),
});

const [errorRate, latency, affectedUsers, dependentServices] = numberMetrics;
const [dataLoss, securityEvent, revenueImpacting, criticalService] = flagMetrics;

const rule = section({
  severity,
  when: section({
    [dependentServices]: threshold.optional(),
    [errorRate]: threshold.optional(),
    [latency]: threshold.optional(),
    [affectedUsers]: threshold.optional(),
    [dataLoss]: holds.optional(),
    [securityEvent]: holds.optional(),
    [revenueImpacting]: holds.optional(),
    [criticalService]: holds.optional(),
  }).refine((when) => Object.keys(when).length > 0, {
    error: 'names no condition',
    params: { cure: 'write at least one, like error_rate: ">= 50"' },
    when: ({ issues }) => issues.length === 0,
  }),
}) satisfies z.ZodType<Rule>;

export const classificationSection = section({
  criticalServices: z.array(text(60)),
  rules: z.array(rule),
});

const byUrgency = section({ high: oneOf(priorities), medium: oneOf(priorities), low: oneOf(priorities) });

export const priorityMatrixSection = section({
  matrix: section({ high: byUrgency, medium: byUrgency, low: byUrgency } satisfies Record<
    (typeof levels)[number],
    z.ZodType
  >),
  severities: section({ P1: severity, P2: severity, P3: severity, P4: severity }),
});

const slackUser = z.string().regex(/^[UW][A-Z0-9]{2,20}$/);

const loginEmail = field({
  what: 'an e-mail address',
  cure: 'write the e-mail address that this person signs in to PagerDuty with',
  read: (value) =>
    typeof value === 'string' && /^[\x21-\x7e]+@[\x21-\x7e]+$/.test(value) ? value : undefined,
});

export const pagerdutySection = section({
  priorities: named(severity),
  users: z.preprocess((value) => value ?? {}, z.record(slackUser, loginEmail)),
  notes: flag,
  urgencies: z.intersection(z.looseObject({ default: severity }), named(severity)),
});
