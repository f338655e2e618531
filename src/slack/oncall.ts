import { type OnCallRow, onCallMessage } from '../blocks/oncall.ts';
import { type Address, sameAddress } from '../oncall/address.ts';
import { onCallAt } from '../oncall/schedule.ts';
import { resolveTarget } from '../oncall/targets.ts';
import { type GeneralCommand, unescaped } from './command.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { saying } from './reply.ts';
import { serviceNamed } from './services.ts';

/** `/incident oncall [service]`: who would be woken now and next, and where that comes from. */
export const oncall: GeneralCommand = {
  about: 'everything',
  run: async (deps, { text }, here) => {
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
  const config = deps.config();
  const at = deps.clock.now();
  const names = ['oncall-primary', 'oncall-secondary'];
  const found = names.map((name) => resolveTarget(name, { service, config, at }));
  const rotation = found[0]?.team ? config.teams[found[0].team]?.onCall : undefined;
  const next = rotation ? onCallAt(rotation, at).next.primary : null;
  const addresses = [...found.flatMap((one) => [...one.addresses]), ...(next ? [next] : [])];
  return addresses.flatMap((address) => (address.kind === 'user' ? [address.value] : []));
}

const wordsFor = (deps: SlackDeps, { kind, value }: Address): string =>
  kind === 'user' ? deps.people.name(value) : value;

function rowOf(deps: SlackDeps, service: string | null): OnCallRow {
  const config = deps.config();
  const at = deps.clock.now();
  const find = (name: string) => resolveTarget(name, { service, config, at });
  const primary = find('oncall-primary');
  const rotation = primary.team === null ? undefined : config.teams[primary.team]?.onCall;
  const now = rotation ? onCallAt(rotation, at) : null;
  const next = now?.next.primary ?? null;
  const first = (addresses: readonly Address[]): string | null => {
    const [address] = addresses;
    return address ? wordsFor(deps, address) : null;
  };
  return {
    service,
    team: primary.team,
    primary: first(primary.addresses),
    secondary: first(find('oncall-secondary').addresses),
    until: now?.until ?? null,
    next: next && wordsFor(deps, next),
    stays: next !== null && primary.addresses.some((address) => sameAddress(address, next)),
    source: primary.nobody ?? primary.from,
  };
}
