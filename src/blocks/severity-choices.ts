import { label, type Severity, severities } from '../incident/severity-scale.ts';
import type { Choice } from './form.ts';

/** The table of severities as configured. */
export type Definitions = Readonly<Record<Severity, { name: string; meaning: string }>>;

/** The four severities with their definitions: whoever chooses shall not have to remember them. */
export const severityChoices = (definitions: Definitions): Choice[] =>
  severities.map((severity) => ({
    value: String(severity),
    label: `${label(severity)} ${definitions[severity].name}`,
    description: definitions[severity].meaning,
  }));

/** The severity behind a choice, null for any other. */
export const severityOf = (choice: string | null): Severity | null =>
  severities.find((severity) => String(severity) === choice) ?? null;
