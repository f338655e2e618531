import { declareModal, parseDeclare } from '../blocks/declare-modal.ts';
import type { Declaration } from '../engine.ts';
import { person } from '../incident/by.ts';
import { classify, type Impact, noRuleMatched, serviceContext } from '../incident/classify.ts';
import { label, parseSeverity, type Severity } from '../incident/severity-scale.ts';
import { resolveTarget } from '../oncall/targets.ts';
import type { Click, SubmissionHandler } from './click.ts';
import { firstWord, type GeneralCommand, named, unescaped } from './command.ts';
import type { SlackDeps } from './deps.ts';
import { ended, numberOf, type Reply, saying } from './reply.ts';

/** Is this person on call for anything now? Decides whether "I take command" comes ticked, and who may acknowledge at once. */
export function isOnCall(deps: SlackDeps, user: string, service: string | null): boolean {
  const config = deps.config();
  const services = service === null ? [null, ...Object.keys(config.services)] : [service];
  return services.some((one) =>
    ['oncall-primary', 'oncall-secondary'].some((name) =>
      resolveTarget(name, { service: one, config, at: deps.clock.now() }).addresses.some(
        (address) => address.kind === 'user' && address.value === user,
      ),
    ),
  );
}

/** The same, for on-call lists that name e-mail addresses and groups: these have to be looked up in Slack first. */
export async function isOnCallByAddress(
  deps: SlackDeps,
  user: string,
  service: string | null,
): Promise<boolean> {
  const config = deps.config();
  const places = ['oncall-primary', 'oncall-secondary'].flatMap((name) => [
    ...resolveTarget(name, { service, config, at: deps.clock.now() }).addresses,
  ]);
  const users = await Promise.all(
    places.map(async ({ kind, value }): Promise<readonly (string | null)[]> => {
      if (kind === 'group') return deps.people.ofGroup(value).catch(() => []);
      return kind === 'email' ? [await deps.people.byEmail(value).catch(() => null)] : [];
    }),
  );
  return users.flat().includes(user);
}

/** `/incident declare sev1 Checkout is down`: complete, it acts at once; incomplete, it opens the modal. */
export const declare: GeneralCommand = {
  about: 'everything',
  run: async (deps, invocation) => {
    const { isTest, severity, title } = parseLine(unescaped(named(invocation.text)));
    if (severity === null || title === '') {
      return openModal(deps, invocation.user, { severity, title, isTest, channel: invocation.channel });
    }
    const declaration: Declaration = {
      by: person(invocation.user),
      title,
      severity,
      severityReason: 'set when declared',
      provisional: false,
      isTest,
    };
    return declared(deps, await deps.engine.declare(declaration, invocation.cause));
  },
};

/** `--test`, a severity and a title, in the order people type them. */
function parseLine(text: string): { isTest: boolean; severity: Severity | null; title: string } {
  const isTest = /(^|\s)(--|—)test(\s|$)/.test(text);
  const bare = text.replace(/(^|\s)(--|—)test(?=\s|$)/, ' ').trim();
  const { word, rest } = firstWord(bare);
  const severity = parseSeverity(word);
  return severity === null ? { isTest, severity, title: bare } : { isTest, severity, title: rest };
}

function declared(deps: SlackDeps, outcome: Awaited<ReturnType<SlackDeps['engine']['declare']>>): Reply {
  return ended(deps, outcome, (incident) =>
    saying(
      incident.isTest
        ? `${numberOf(incident)} is declared as a test (${label(incident.severity)}): everything works, nobody is paged. Its channel opens now; you are invited.`
        : `${numberOf(incident)} is declared (${label(incident.severity)}). Its channel opens now; you are invited.`,
    ),
  );
}

interface Beginning {
  severity: Severity | null;
  title: string;
  isTest: boolean;
  channel: string | null;
}

function openModal(deps: SlackDeps, user: string, begun: Beginning): Reply {
  const config = deps.config();
  return {
    modal: declareModal({
      title: begun.title,
      severity: begun.severity ?? undefined,
      isTest: begun.isTest,
      severities: config.severities,
      categories: config.categories,
      services: Object.keys(config.services),
      takeCommandDefault: isOnCall(deps, user, null),
      metadata: { channel: begun.channel ?? undefined },
    }),
  };
}

/** The Declare button of lists and empty states. */
export const clickDeclare = async (deps: SlackDeps, click: Omit<Click, 'incident'>): Promise<Reply> =>
  openModal(deps, click.user, { severity: null, title: '', isTest: false, channel: click.channel });

/** What the modal says: a person's severity stands; "not sure" is classified from the numbers, else provisional SEV3. */
export const submitDeclare: SubmissionHandler = async (deps, submission) => {
  const parsed = parseDeclare(submission.values, deps.clock.now());
  if ('errors' in parsed) return parsed;
  const form = parsed.ok;
  const config = deps.config();
  const judged = judge(deps, form.severity, form.impact, form.service);
  const category = config.categories.find((one) => one.name === form.category);
  const declaration: Declaration = {
    ...judged,
    by: person(submission.user),
    title: form.title,
    summary: form.summary,
    service: form.service ?? undefined,
    category: form.category ?? undefined,
    impact: form.impact,
    isPrivate: form.isPrivate || (category?.private ?? false),
    isTest: form.isTest,
    takeCommand: form.takeCommand,
    timeZone: deps.people.known(submission.user)?.timeZone ?? undefined,
    startedAt: form.startedAt ?? undefined,
    runbook: form.service ? config.services[form.service]?.runbook : undefined,
  };
  return declared(deps, await deps.engine.declare(declaration, submission.cause));
};

function judge(
  deps: SlackDeps,
  chosen: Severity | null,
  impact: Impact,
  service: string | null,
): Pick<Declaration, 'severity' | 'severityReason' | 'provisional'> {
  if (chosen !== null) return { severity: chosen, severityReason: 'set when declared', provisional: false };
  const config = deps.config();
  const known = Object.keys(impact).length > 0;
  if (!known) return { severity: 3, severityReason: 'not sure yet', provisional: true };
  const about = serviceContext(service, config.services, config.classification.criticalServices);
  const judged = classify(impact, about, config.classification.rules);
  // A number that matched a rule confirms its severity; that none matched confirms nothing.
  return {
    severity: judged.severity,
    severityReason: judged.reason,
    provisional: judged.reason === noRuleMatched,
  };
}
