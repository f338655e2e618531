import { type OnCallRow, onCallMessage } from '../blocks/oncall.ts';
import { type Address, sameAddress } from '../oncall/address.ts';
import { directoryNow } from '../oncall/directory.ts';
import { onCallAt } from '../oncall/schedule.ts';
import { resolveTarget } from '../oncall/targets.ts';
import { firstWord, type GeneralCommand, unescaped } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { deskCommands } from './desk.ts';
import { saying } from './reply.ts';
import { serviceNamed } from './services.ts';

/** `/incident oncall [service]`: who would be woken now and next, and where that comes from; `oncall cover 2h`: see desk.ts. */
export const oncall: GeneralCommand = {
  about: 'everything',
  run: async (deps, invocation, here) => {
    const { text } = invocation;
    const { word, rest } = firstWord(text);
    const desk = Object.hasOwn(deskCommands, word) ? deskCommands[word] : undefined;
    if (desk) return desk(deps, { ...invocation, text: rest });
    deps.freshenDuties();
    const config = deps.config();
    const services = Object.keys(config.services);
    const typed = unescaped(text).trim();
    const asked = typed === '' ? null : serviceNamed(typed, services);
    if (asked && 'unknown' in asked) return saying(asked.unknown);
    const wanted = asked ? [asked.service] : here ? [here.service] : [...services, null];
    await deps.people.learn(wanted.flatMap((service) => usersFor(deps, service)));
    return onCallMessage(
      wanted.map((service) => rowOf(deps, service)),
      screenOf(deps),
    );
  },
};

/** Everybody the row may name: on call now, and next. */
function usersFor(deps: SlackDeps, service: string | null): string[] {
  const config = directoryNow(deps);
  const at = deps.clock.now();
  const names = ['oncall-primary', 'oncall-secondary'];
  const found = names.map((name) => resolveTarget(name, { service, config, at }));
  const { onCall, covers } = (found[0]?.team ? config.teams[found[0].team] : undefined) ?? {};
  const next = onCall ? onCallAt(onCall, at, covers).next.primary : null;
  const addresses = [...found.flatMap((one) => [...one.addresses]), ...(next ? [next] : [])];
  return addresses.flatMap((address) => (address.kind === 'user' ? [address.value] : []));
}

function wordsFor(deps: SlackDeps, { kind, value, name }: Address): string {
  if (kind === 'pagerduty') {
    const known = name ?? deps.store.pagerDutyPerson(value)?.name ?? value;
    return `${known} of PagerDuty (not found in Slack)`;
  }
  return kind === 'user' ? deps.people.name(value) : value;
}

function rowOf(deps: SlackDeps, service: string | null): OnCallRow {
  const config = directoryNow(deps);
  const at = deps.clock.now();
  const find = (name: string) => resolveTarget(name, { service, config, at });
  const primary = find('oncall-primary');
  const { onCall, covers } = (primary.team === null ? undefined : config.teams[primary.team]) ?? {};
  const now = onCall ? onCallAt(onCall, at, covers) : null;
  const next = now?.next.primary ?? null;
  const all = (addresses: readonly Address[]): string | null =>
    addresses.map((address) => wordsFor(deps, address)).join(' and ') || null;
  return {
    service,
    team: primary.team,
    primary: all(primary.addresses),
    secondary: all(find('oncall-secondary').addresses),
    until: now && Number.isFinite(now.until) ? now.until : null,
    next: next && wordsFor(deps, next),
    stays: next !== null && primary.addresses.some((address) => sameAddress(address, next)),
    source: primary.nobody ?? primary.from,
    ...(primary.source && { age: primary.source }),
  };
}
