import { triggered } from '../../bench/storm.ts';
import { envelope, type Incident, incidentData } from '../../src/sandbox/pagerduty-events.ts';
import { signatureOf } from '../../src/sandbox/pagerduty-webhook.ts';
import { type Chance, chanceOf } from './chance.ts';

/** One webhook of a storm, ready to be sent. */
export interface StormRequest {
  body: string;
  headers: Record<string, string>;
  /** The id of its event. */
  event: string;
  /** PagerDuty's incident. */
  alert: string;
  kind: 'genuine' | 'duplicate' | 'forged';
  what: 'triggered' | 'acknowledged' | 'resolved';
  /** PagerDuty sends what it tells of one incident one after the other; this one comes when it comes. */
  outOfOrder: boolean;
}

const services = 30;
const [duplicates, reordered, forged] = [0.1, 0.1, 0.01];
/** How much later one comes that is out of order. */
const laterMax = 40;

/** `count` events of many services in the order of their arrival, and the forged ones beside them. */
export function stormOf(count: number, secret: string, seed: number, at: number): StormRequest[] {
  const chance = chanceOf(seed);
  const genuine = genuineOf(count, secret, chance, at);
  const places: { place: number; request: StormRequest }[] = [];
  genuine.forEach((request, n) => {
    const isLate = chance.draw() < reordered;
    const place = n + (isLate ? chance.between(2, laterMax) : 0);
    places.push({ place, request: { ...request, outOfOrder: isLate || request.kind === 'duplicate' } });
    if (chance.draw() < forged)
      places.push({ place: n + 0.5, request: forgery(request, chance.between(0, 2), `${n}`) });
  });
  return places.toSorted((a, b) => a.place - b.place).map(({ request }) => request);
}

/** Of ten: five triggers or so, a redelivery, acknowledgements and resolves. */
function genuineOf(count: number, secret: string, chance: Chance, at: number): StormRequest[] {
  const [requests, incidents]: [StormRequest[], Incident[]] = [[], []];
  for (let n = 0; n < count; n += 1) {
    const before = incidents.filter(({ status }) => status !== 'resolved').slice(-services);
    if (requests.length > 0 && chance.draw() < duplicates) {
      requests.push({ ...chance.oneOf(requests), kind: 'duplicate' });
      continue;
    }
    const isNew = before.length === 0 || chance.draw() < 0.6;
    const incident = isNew ? fired(n, chance, at) : chance.oneOf(before);
    const isResolve = incident.status === 'acknowledged' || chance.draw() < 0.5;
    const what = isNew ? 'triggered' : isResolve ? 'resolved' : 'acknowledged';
    incident.status = what;
    if (isNew) incidents.push(incident);
    // Each a millisecond after the one before: PagerDuty's own clock knows the order.
    requests.push(requestOf(`01STORM${String(n).padStart(19, '0')}`, what, incident, at + n, secret));
  }
  return requests;
}

function requestOf(
  event: string,
  what: StormRequest['what'],
  incident: Incident,
  at: number,
  secret: string,
): StormRequest {
  const body = envelope({
    id: event,
    type: `incident.${what}`,
    resource: 'incident',
    at,
    agent: incident.service,
    data: incidentData(incident),
  });
  return {
    body,
    headers: signed(body, secret),
    event,
    alert: incident.id,
    kind: 'genuine',
    what,
    outOfOrder: false,
  };
}

/** With an event of its own, so that one that is believed shows: unsigned, with a broken signature, with another secret. */
function forgery(like: StormRequest, how: number, name: string): StormRequest {
  const event = `01FORGED${name}`;
  const body = like.body.replaceAll(like.event, event).replaceAll(like.alert, `QFORGED${name}`);
  const headers = [
    { 'content-type': 'application/json' },
    { 'content-type': 'application/json', 'x-pagerduty-signature': 'v1=0123' },
    signed(body, 'not-the-secret'),
  ][how]!;
  return { ...like, body, headers, event, alert: `QFORGED${name}`, kind: 'forged', outOfOrder: true };
}

const signed = (body: string, secret: string): Record<string, string> => ({
  'content-type': 'application/json',
  'x-pagerduty-signature': `v1=${signatureOf(secret, body)}`,
});

const fired = (n: number, chance: Chance, at: number): Incident => ({
  ...triggered(`PSTORM${chance.between(1, services)}`, n, at + n),
  number: n + 1,
});
