import type { DeclareForm } from '../blocks/declare-modal.ts';
import type { Config } from '../config/config.ts';
import type { Declaration } from '../engine.ts';
import {
  classify,
  fromPriority,
  type Impact,
  noRuleMatched,
  type ServiceContext,
  serviceContext,
} from '../incident/classify.ts';
import { setWhenDeclared } from '../incident/severity.ts';

/** What decides the severity of a declaration: the person's word, numbers, an estimate. */
type Known = Pick<DeclareForm, 'severity' | 'impact' | 'estimate' | 'service' | 'alsoServices'>;

/** The numbers, with the services that were named counted where nobody gave their number. */
export const impactOf = ({ impact, alsoServices }: Known): Impact =>
  impact.dependentServices === undefined && alsoServices.length > 0
    ? { ...impact, dependentServices: alsoServices.length }
    : impact;

/**
 * The severity, in this order (product.md section 2): what the person chose; the first rule that the numbers match; the
 * priority of the estimate; else "not sure", which is a provisional SEV3 (numbers that match no rule: SEV4).
 */
export function judge(
  known: Known,
  config: Config,
): Pick<Declaration, 'severity' | 'severityReason' | 'provisional'> {
  const { severity, estimate } = known;
  if (severity !== null) return { severity, severityReason: setWhenDeclared, provisional: false };
  const { rules } = config.classification;
  const byNumbers = classify(impactOf(known), worstContext(known, config), rules);
  // A number that matched a rule confirms its severity; that none matched confirms nothing.
  if (byNumbers.reason !== noRuleMatched) {
    return { severity: byNumbers.severity, severityReason: byNumbers.reason, provisional: false };
  }
  if (estimate) {
    const judged = fromPriority(estimate.impact, estimate.urgency, config.priorityMatrix);
    return { severity: judged.severity, severityReason: judged.reason, provisional: false };
  }
  const hasNumbers = Object.keys(known.impact).length > 0;
  return hasNumbers
    ? { severity: byNumbers.severity, severityReason: byNumbers.reason, provisional: true }
    : { severity: 3, severityReason: 'not sure yet', provisional: true };
}

/** Of all services that suffer the first critical one, else the one that was named. */
function worstContext({ service, alsoServices }: Known, config: Config): ServiceContext {
  const about = (name: string | null): ServiceContext =>
    serviceContext(name, config.services, config.classification.criticalServices);
  const named = about(service);
  return named.critical ? named : (alsoServices.map(about).find(({ critical }) => critical) ?? named);
}

/** What the form offered and the configuration does not know any more, by field. */
export function outdated(form: DeclareForm, config: Config): Record<string, string> {
  const services = Object.keys(config.services);
  const gone = 'is not configured any more. Choose another, or none.';
  const errors: Record<string, string> = {};
  if (form.service !== null && !services.includes(form.service)) errors.service = `“${form.service}” ${gone}`;
  const also = form.alsoServices.find((one) => !services.includes(one));
  if (also !== undefined) errors.also = `“${also}” ${gone}`;
  if (form.category !== null && !config.categories.some(({ name }) => name === form.category))
    errors.category = `“${form.category}” ${gone}`;
  if (form.noticedBy !== null && !config.sources.includes(form.noticedBy))
    errors.noticed = `“${form.noticedBy}” ${gone}`;
  return errors;
}
