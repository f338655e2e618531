import { howToConfigure, runbookList, runbookMessage } from '../blocks/references.ts';
import { person } from '../incident/by.ts';
import type { Incident } from '../incident/incident.ts';
import type { ClickHandler } from './click.ts';
import { type GeneralCommand, unescaped } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { ended, numberOf, type Reply, saying } from './reply.ts';
import { serviceNamed } from './services.ts';

interface Wish {
  incident: Incident | null;
  user: string;
  cause: string;
}

/** Of the service that was named, else of the incident's own. Looked up in an incident, it is bookmarked there. */
async function find(deps: SlackDeps, typed: string, wish: Wish): Promise<Reply> {
  const { services } = deps.config();
  const { incident } = wish;
  if (typed === '') return ofIncident(deps, wish);
  const named = serviceNamed(typed, Object.keys(services));
  if ('unknown' in named) return saying(named.unknown);
  const { service } = named;
  const url = services[service]?.runbook ?? (incident?.service === service ? incident.runbook : null);
  if (!url) return saying(`${service} has no runbook. Nothing changed. ${howToConfigure(service)}`);
  return show(deps, service, url, wish);
}

async function ofIncident(deps: SlackDeps, wish: Wish): Promise<Reply> {
  const { services } = deps.config();
  const { incident } = wish;
  const service = incident?.service ?? null;
  const known = service !== null && Object.hasOwn(services, service) ? services[service]?.runbook : undefined;
  const url = known ?? incident?.runbook;
  if (url) return show(deps, service ?? 'this incident', url, wish);
  if (incident && service !== null)
    return saying(`${service} has no runbook. Nothing changed. ${howToConfigure(service)}`);
  const runbooks = Object.entries(services).flatMap(([name, { runbook }]) =>
    runbook === undefined ? [] : [{ service: name, url: runbook }],
  );
  const first = incident ? `${numberOf(incident)} names no service.` : '';
  return runbookList(first, runbooks, screenOf(deps));
}

async function show(
  deps: SlackDeps,
  service: string,
  url: string,
  { incident, user, cause }: Wish,
): Promise<Reply> {
  if (!incident) return runbookMessage(service, url, false);
  const command = { type: 'add-runbook', by: person(user), service, url } as const;
  return ended(deps, await deps.engine.handle(incident.id, command, cause), (after) =>
    runbookMessage(service, url, after.channel !== null && after.channel.threadTs === undefined),
  );
}

/** `/incident runbook [service]`, in an incident's channel or anywhere. */
export const runbook: GeneralCommand = {
  about: 'everything',
  run: (deps, { user, text, cause }, here) =>
    find(deps, unescaped(text).trim(), { incident: here, user, cause }),
};

export const clickRunbook: ClickHandler = (deps, { incident, user, cause }) =>
  find(deps, '', { incident, user, cause });
