import { impactOf } from '../../incident/alert-details.ts';
import { classify, type Impact, noRuleMatched, serviceContext } from '../../incident/classify.ts';
import type { Performer } from '../context.ts';
import { done } from '../context.ts';
import { notConfigured } from './pagerduty.ts';

/** What the monitoring sent with an alert goes through the rules of `incident.yml`; what they know nothing of is left. */
export const pagerDutyDetails: Performer<'pagerduty-details'> = {
  send: async (context, { alert }, { incident }) => {
    const { rest } = context.pagerduty ?? { rest: null };
    if (!rest) return notConfigured;
    const { rows } = await rest.alerts(alert);
    const impact = Object.assign({}, ...rows.map(({ details }) => impactOf(details))) as Impact;
    if (Object.keys(impact).length === 0) return done();
    const { services, classification } = context.config();
    const { criticalServices, rules } = classification;
    const { severity, reason } = classify(
      impact,
      serviceContext(incident.service, services, criticalServices),
      rules,
    );
    if (reason === noRuleMatched) return done();
    return done({ type: 'note-alert-details', id: alert, impact, severity, reason });
  },
};
