import type { ModalView } from '@slack/types';
import { declareModal, parseDeclare } from '../blocks/declare-modal.ts';
import { decodeMetadata } from '../blocks/form.ts';
import { refusal as refusalWords } from '../blocks/refusal.ts';
import { authorOf } from '../blocks/sentences/said.ts';
import type { Declaration } from '../engine.ts';
import { person } from '../incident/by.ts';
import type { Incident, MessageSource } from '../incident/incident.ts';
import { setWhenDeclared } from '../incident/severity.ts';
import { label, parseSeverity, type Severity } from '../incident/severity-scale.ts';
import { directoryNow } from '../oncall/directory.ts';
import { writtenAs } from '../oncall/known-members.ts';
import { resolveTarget } from '../oncall/targets.ts';
import type { Committed } from '../store/store.ts';
import type { Click, SubmissionHandler } from './click.ts';
import { firstWord, type GeneralCommand, named, unescaped } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { impactOf, judge, outdated } from './judge.ts';
import { ended, numberOf, type Reply, saying } from './reply.ts';
import { offering, reportSame, similarOpen } from './similar.ts';

/** Is this person on call for anything now? Decides whether "I take command" comes ticked, and who may acknowledge at once. */
export function isOnCall(deps: SlackDeps, user: string, service: string | null): boolean {
  const config = directoryNow(deps);
  const services = service === null ? [null, ...Object.keys(config.services)] : [service];
  return services.some((one) =>
    ['oncall-primary', 'oncall-secondary'].some((name) =>
      resolveTarget(name, { service: one, config, at: deps.clock.now() }).addresses.some(
        (address) => address.kind === 'user' && address.value === user,
      ),
    ),
  );
}

/** The same, for lists that name e-mail addresses, groups and users of PagerDuty: these are looked up in Slack first. */
export async function isOnCallByAddress(
  deps: SlackDeps,
  user: string,
  service: string | null,
): Promise<boolean> {
  const config = directoryNow(deps);
  const places = ['oncall-primary', 'oncall-secondary'].flatMap((name) => [
    ...resolveTarget(name, { service, config, at: deps.clock.now() }).addresses,
  ]);
  const users = await Promise.all(
    places.map(async ({ kind, value }): Promise<readonly (string | null)[]> => {
      if (kind === 'group') return deps.people.ofGroup(value).catch(() => []);
      const email = kind === 'pagerduty' ? deps.store.pagerDutyPerson(value)?.email : value;
      if (!email || !['email', 'pagerduty'].includes(kind)) return [];
      const written = kind === 'pagerduty' ? writtenAs(email, deps.config().pagerduty.users) : null;
      return [written ?? (await deps.people.byEmail(email).catch(() => null))];
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
    const planned = { title, service: null, isTest, isPrivate: false };
    const similar = similarOpen(deps, invocation.user, planned);
    const declaration: Declaration = {
      ...offered(similar),
      by: person(invocation.user),
      title,
      severity,
      severityReason: setWhenDeclared,
      provisional: false,
      isTest,
    };
    return declared(deps, await deps.engine.declare(declaration, invocation.cause), similar);
  },
};

/** The new channel asks too, where everybody in it may know of the other one. */
const offered = (similar: Incident | null): Pick<Declaration, 'similarTo'> =>
  similar && !similar.isPrivate ? { similarTo: similar.id } : {};

/** `--test`, a severity and a title, in the order people type them. */
function parseLine(text: string): { isTest: boolean; severity: Severity | null; title: string } {
  const isTest = /(^|\s)(--|—)test(\s|$)/.test(text);
  const bare = text.replace(/(^|\s)(--|—)test(?=\s|$)/, ' ').trim();
  const { word, rest } = firstWord(bare);
  const severity = parseSeverity(word);
  return severity === null ? { isTest, severity, title: bare } : { isTest, severity, title: rest };
}

function declared(deps: SlackDeps, outcome: Committed, similar: Incident | null): Reply {
  return ended(deps, outcome, (incident) => {
    const answer = saying(
      incident.isTest
        ? `${numberOf(incident)} is declared as a test (${label(incident.severity)}): everything works, nobody is paged. Its channel opens now; you are invited.`
        : `${numberOf(incident)} is declared (${label(incident.severity)}). Its channel opens now; you are invited.`,
    );
    return offering(answer, incident, similar);
  });
}

export interface Beginning {
  severity: Severity | null;
  title: string;
  isTest: boolean;
  channel: string | null;
  summary?: string;
  /** Epoch ms. */
  startedAt?: number;
  isPrivate?: boolean;
  fromMessage?: MessageSource;
}

export function openModal(deps: SlackDeps, user: string, begun: Beginning): { modal: ModalView } {
  const config = deps.config();
  const { title, isTest, isPrivate = false, fromMessage } = begun;
  // Known by the time they submit it: whether they are a guest is asked then.
  void deps.people.learn([user]);
  const similar = title === '' ? null : similarOpen(deps, user, { title, service: null, isTest, isPrivate });
  return {
    modal: declareModal({
      title: begun.title,
      severity: begun.severity ?? undefined,
      isTest: begun.isTest,
      severities: config.severities,
      categories: config.categories,
      services: Object.keys(config.services),
      sources: config.sources,
      takeCommandDefault: isOnCall(deps, user, null),
      similar,
      summary: begun.summary,
      startedAt: begun.startedAt,
      isPrivate,
      from: fromMessage && { ...fromMessage, words: authorWords(deps, fromMessage) },
      metadata: { channel: begun.channel ?? undefined, source: fromMessage },
    }),
  };
}

const authorWords = (deps: SlackDeps, { author }: MessageSource): string => authorOf(author, screenOf(deps));

/** The Declare button of lists and empty states. */
export const clickDeclare = async (deps: SlackDeps, click: Omit<Click, 'incident'>): Promise<Reply> =>
  openModal(deps, click.user, { severity: null, title: '', isTest: false, channel: click.channel });

/** What the modal says: a person's severity stands; "not sure" is classified from the numbers, else provisional SEV3. */
export const submitDeclare: SubmissionHandler = async (deps, submission) => {
  const parsed = parseDeclare(submission.values, deps.clock.now());
  if ('errors' in parsed) return parsed;
  const form = parsed.ok;
  const { user, cause, metadata } = submission;
  const { title, summary, service, isTest } = form;
  const config = deps.config();
  const category = config.categories.find((one) => one.name === form.category);
  const isPrivate = form.isPrivate || (category?.private ?? false);
  if (form.similar?.same)
    return reportSame(deps, form.similar.id, { user, cause, title, summary, isPrivate });
  const errors = outdated(form, config);
  if (Object.keys(errors).length > 0) return { errors };
  const similar = similarOpen(deps, user, { title, service, isTest, isPrivate }, form.similar?.id);
  const declaration: Declaration = {
    ...judge(form, config),
    ...offered(similar),
    fromMessage: decodeMetadata(metadata).source,
    by: person(submission.user),
    title: form.title,
    summary: form.summary,
    service: form.service ?? undefined,
    category: form.category ?? undefined,
    alsoServices: form.alsoServices,
    noticedBy: form.noticedBy ?? undefined,
    impact: impactOf(form),
    isPrivate,
    isTest: form.isTest,
    takeCommand: form.takeCommand,
    timeZone: deps.people.known(submission.user)?.timeZone ?? undefined,
    startedAt: form.startedAt ?? undefined,
    runbook: form.service ? config.services[form.service]?.runbook : undefined,
  };
  const outcome = await deps.engine.declare(declaration, submission.cause);
  // Too many: what was typed stays in the form.
  if (outcome.outcome === 'refused')
    return { errors: { title: refusalWords(outcome.refusal, screenOf(deps)) } };
  return declared(deps, outcome, similar);
};
