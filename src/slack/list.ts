import { help as helpOf } from '../blocks/help.ts';
import { incidentList } from '../blocks/list.ts';
import { show as showOf } from '../blocks/show.ts';
import { tray } from '../blocks/tray.ts';
import { nextDue } from '../incident/due.ts';
import { type Incident, involves } from '../incident/incident.ts';
import { nearest } from '../incident/nearest.ts';
import { label, parseSeverity } from '../incident/severity-scale.ts';
import { firstWord, type GeneralCommand, type IncidentCommand, quoted, unescaped } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { isGuest, sightOf } from './guest.ts';
import { saying } from './reply.ts';

/** Incidents one list shows at the most. */
const listMax = 20;
/** Read for a list, before those the reader may not see are left out. */
const readMax = 500;

export const visible = (
  deps: SlackDeps,
  user: string,
  filter: { open?: boolean; severity?: number },
): Incident[] => deps.store.list({ ...filter, limit: readMax }).filter(sightOf(deps, user));

/** `/incident list [open|mine|all|sev1]`. */
export const list: GeneralCommand = {
  about: 'everything',
  run: async (deps, { user, text }) => {
    const { word } = firstWord(unescaped(text));
    const severity = parseSeverity(word);
    const filters: Record<string, () => Incident[]> = {
      '': () => visible(deps, user, { open: true }),
      open: () => visible(deps, user, { open: true }),
      mine: () => visible(deps, user, { open: true }).filter((one) => involves(one, user)),
      all: () => visible(deps, user, {}),
    };
    const filter = Object.hasOwn(filters, word) ? filters[word] : undefined;
    const found = severity === null ? filter?.() : visible(deps, user, { severity });
    if (!found) {
      const close = nearest(word, Object.keys(filters));
      const hint = close
        ? `Did you mean ${deps.config().command} list ${close}?`
        : 'Lists: open, mine, all, sev1 to sev4.';
      return saying(`${quoted(word)} is no list. Nothing changed. ${hint}`);
    }
    const shown = found.slice(0, listMax);
    await deps.people.learn(shown.flatMap((one) => (one.roles.commander ? [one.roles.commander.user] : [])));
    const named = severity === null ? word || 'open' : label(severity);
    return incidentList(found, screenOf(deps), named, isGuest(deps, user));
  },
};

/** `/incident show INC-12`, or here. */
export const show: IncidentCommand = {
  about: 'incident',
  run: async (deps, _invocation, incident) => showOf(incident, screenOf(deps)),
};

/** Bare `/incident`: the tray in an incident's channel, the open incidents elsewhere. */
export const bare: GeneralCommand = {
  about: 'everything',
  run: async (deps, invocation, here) => {
    if (!here) return list.run(deps, { ...invocation, text: '' }, null);
    const due = nextDue(here);
    return tray(here, due && { what: due.rule, at: due.at }, screenOf(deps));
  },
};

export const help: GeneralCommand = {
  about: 'everything',
  run: async (deps) => helpOf(screenOf(deps)),
};
