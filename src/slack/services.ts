import { nearest } from '../incident/nearest.ts';
import { quoted } from './command.ts';

/** So many known ones are named in a refusal. */
const knownShownMax = 20;

/** The configured service that somebody typed, in whatever case; or why there is none, with what would work. */
export function serviceNamed(
  typed: string,
  services: readonly string[],
): { service: string } | { unknown: string } {
  const service = services.find((name) => name.toLowerCase() === typed.toLowerCase());
  if (service !== undefined) return { service };
  const close = nearest(typed, services);
  const rest = services.length - knownShownMax;
  const known = `${services.slice(0, knownShownMax).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  const cure = close
    ? `Did you mean ${close}?`
    : services.length > 0
      ? `Known: ${known}.`
      : 'incident.yml names no services yet.';
  return { unknown: `${quoted(typed)} is no service. Nothing changed. ${cure}` };
}
