/** 1 is the worst. Severity follows the impact on users, never technical difficulty (product.md, section 2). */
export type Severity = 1 | 2 | 3 | 4;

/** All severities, worst first. */
export const severities = [1, 2, 3, 4] as const satisfies readonly Severity[];

/** What people call the four severities unless `incident.yml` renames them. */
export const severityNames: Readonly<Record<Severity, string>> = {
  1: 'critical',
  2: 'major',
  3: 'minor',
  4: 'low',
};

/** Reads what people type: `sev1`, `SEV-1`, `sev 1`, `1`, `critical`. Anything else is null. */
export function parseSeverity(text: string): Severity | null {
  const word = text.trim().toLowerCase();
  const digit = /^(?:sev(?:erity)?[\s_-]?)?([1-4])$/.exec(word)?.[1];
  return (
    severities.find((severity) => String(severity) === digit || severityNames[severity] === word) ?? null
  );
}

/** How a severity is written on screens: `SEV1`. */
export function label(severity: Severity): string {
  return `SEV${severity}`;
}
