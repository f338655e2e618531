import type { Clock } from '../../src/clock.ts';
import { envelope, type Incident, incidentData, serviceNamed } from '../../src/sandbox/pagerduty-events.ts';
import { signatureOf } from '../../src/sandbox/pagerduty-webhook.ts';
import type { Slack } from '../../src/sandbox/slack.ts';
import type { Chance } from './chance.ts';

/** What was sent to the bot. `taken`: it was answered with 2xx, so it must be on the timeline, once. */
export type Input = { taken: boolean } & (
  | { kind: 'declare'; title: string; incident: number | null }
  | { kind: 'acknowledge'; incident: number; user: string }
  | { kind: 'message'; text: string }
  | { kind: 'alert'; event: string; alert: string; body: string; what: AlertNews }
);

type AlertNews = 'triggered' | 'acknowledged' | 'resolved';
export type InputOf<Kind> = Extract<Input, { kind: Kind }>;

export interface Sending {
  slack: Slack;
  clock: Clock;
  /** The name of this world, in every text. */
  name: string;
  secret: string;
  /** Where the bot is now. */
  url: () => string;
  /** Called when the bot has answered something with 2xx. */
  onTaken: (kind: Input['kind']) => void;
}

/** Each says what everybody else does not, so that nobody reads the answer to another. */
const declarers = ['ana', 'dana', 'eve', 'finn', 'gus', 'hal', 'ida', 'jon'];
const acknowledger = 'bea';
const speaker = 'cai';
export const people = [...declarers, acknowledger, speaker];

const services = ['PAYMENT', 'SEARCH', 'BASKET', 'LOGIN', 'MAIL', 'STOCK'];
/** Of each kind in one life of the bot. */
const [messagesMax, alertsMax] = [4, 3];
/** What is not answered within this time was not taken. */
const answerWithinMs = 5_000;

/** Everybody who tells the bot something, and what became of it. */
export function inputsOf(sending: Sending) {
  const all: Input[] = [];
  const alerts: Incident[] = [];
  const { slack, name } = sending;
  let last = 0;

  const note = <T extends Input>(input: T): T => {
    all.push(input);
    return input;
  };
  const taken = (input: Input): void => {
    if (input.taken) return;
    input.taken = true;
    sending.onTaken(input.kind);
  };

  async function declare(chance: Chance, severities = ['sev1', 'sev1', 'sev2']): Promise<void> {
    const [n, who] = [++last, declarers[last % declarers.length]!];
    const input = note({ kind: 'declare', title: `${name}d${n} fails`, incident: null, taken: false });
    const line = `/incident declare ${chance.oneOf(severities)} ${input.title}`;
    const answer = await slack.as(who).command(line, { in: 'general' });
    const id = /INC-(\d+)/.exec(answer)?.[1];
    if (id === undefined) return;
    Object.assign(input, { incident: Number(id) });
    taken(input);
  }

  async function acknowledge(incident: number): Promise<void> {
    const open = all.find((one) => one.kind === 'acknowledge' && one.incident === incident);
    const user = slack.userId(acknowledger);
    const input = open ?? note({ kind: 'acknowledge', incident, user, taken: false });
    const answer = await slack.as(acknowledger).command(`/incident ${incident} ack`, { in: 'general' });
    if (answer !== '' && !answer.includes('failed with the error')) taken(input);
  }

  /** In the channel of an incident of ours. Slack delivers it at once, and once more. */
  async function say(channel: string): Promise<void> {
    const input = note({ kind: 'message', text: `${name}m${++last} looks bad`, taken: false });
    if (!slack.channel(channel).members.includes(speaker)) await slack.as(speaker).join(channel);
    const before = slack.deliveries.length;
    await slack.as(speaker).say(input.text, { in: channel });
    const delivered = slack.deliveries.slice(before).find(({ event }) => event.text === input.text);
    if (delivered?.attempts.some(({ outcome }) => isTaken(outcome))) taken(input);
  }

  async function deliver(input: InputOf<'alert'>): Promise<void> {
    const headers = {
      'content-type': 'application/json',
      'x-pagerduty-signature': `v1=${signatureOf(sending.secret, input.body)}`,
    };
    const signal = AbortSignal.timeout(answerWithinMs);
    const url = `${sending.url()}/webhooks/pagerduty`;
    const answer = await fetch(url, { method: 'POST', body: input.body, headers, signal }).catch(() => null);
    if (answer?.ok) taken(input);
  }

  /** A new alert, or news of one whose trigger was taken. */
  function alert(chance: Chance): Promise<void> {
    const known = alerts.filter((one) => one.status === 'triggered' && isIn(all, one.id));
    const old = known.length > 0 && chance.draw() < 0.4 ? chance.oneOf(known) : null;
    const what: AlertNews = old ? chance.oneOf(['acknowledged', 'resolved'] as const) : 'triggered';
    const incident = old ?? triggered(`Q${name}${++last}`.toUpperCase(), chance, sending.clock.now());
    incident.status = what;
    if (!old) alerts.push(incident);
    const event = `01${name}${++last}`.toUpperCase();
    const body = eventOf(event, what, incident, sending.clock.now());
    return deliver(note({ kind: 'alert', event, alert: incident.id, body, what, taken: false }));
  }

  /** What happens in one life, all at the same time. Resolves when everything was answered or has failed. */
  async function live(chance: Chance): Promise<void> {
    const declared = all.flatMap((one) => (one.kind === 'declare' && one.incident ? [one.incident] : []));
    const held = all.flatMap((one) => (one.kind === 'acknowledge' && one.taken ? [one.incident] : []));
    const free = declared.filter((id) => !held.includes(id));
    const rooms = slack.channels().filter((room) => room.startsWith('inc-'));
    const acts = [() => declare(chance)];
    if (free.length > 0 && chance.draw() < 0.6) acts.push(() => acknowledge(chance.oneOf(free)));
    if (rooms.length > 0) {
      const words = Array.from({ length: chance.between(1, messagesMax) }, () => chance.oneOf(rooms));
      acts.push(async () => {
        for (const room of words) await say(room);
      });
    }
    for (let n = chance.between(1, alertsMax); n > 0; n -= 1) acts.push(() => alert(chance));
    const open = all.filter((one) => one.kind === 'alert' && !one.taken) as InputOf<'alert'>[];
    acts.push(async () => {
      for (const one of open) await deliver(one);
    });
    await Promise.all(acts.map((act) => act().catch(() => undefined)));
  }

  /** PagerDuty and people go on until they have their answer. */
  async function insist(): Promise<void> {
    for (const one of all) {
      if (one.taken) continue;
      if (one.kind === 'alert') await deliver(one);
      if (one.kind === 'acknowledge') await acknowledge(one.incident);
    }
  }

  return {
    all,
    live,
    insist,
    /** One SEV1, and one alert. */
    declareNow: (chance: Chance) => declare(chance, ['sev1']),
    alertNow: (chance: Chance) => alert(chance),
  };
}

const isTaken = (outcome: { kind: string; status?: number }): boolean =>
  outcome.kind === 'answered' && outcome.status !== undefined && outcome.status < 300;

const isIn = (all: readonly Input[], alert: string): boolean =>
  all.some((one) => one.kind === 'alert' && one.alert === alert && one.what === 'triggered' && one.taken);

const triggered = (id: string, chance: Chance, at: number): Incident => ({
  id,
  number: 1,
  title: `${id} burns`,
  status: 'triggered',
  urgency: 'high',
  service: serviceNamed({ id: `P${chance.oneOf(services)}`, summary: chance.oneOf(services) }),
  assignees: [],
  priority: null,
  incidentKey: `key-${id}`,
  createdAt: at,
  reopenedAt: null,
  mergedInto: null,
});

const eventOf = (id: string, what: AlertNews, incident: Incident, at: number): string =>
  envelope({
    id,
    type: `incident.${what}`,
    resource: 'incident',
    at,
    agent: incident.service,
    data: incidentData(incident),
  });
