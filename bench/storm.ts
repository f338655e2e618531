import { envelope, type Incident, incidentData, serviceNamed } from '../src/sandbox/pagerduty-events.ts';
import { paced } from './clock.ts';
import { type Figure, median, percentile } from './figure.ts';
import { webhook } from './requests.ts';
import { sender } from './sender.ts';
import { beside } from './side.ts';

const eventsPerMinute = 5_000;
const stormMs = 12_000;
const latencyMs = 50;
const percentileMsMax = 100;
/** Some of the services that fire are known to `incident.yml`, some are not. */
const [services, known] = [30, 10];

/** PagerDuty at 5,000 events a minute: many services, every fifth event a redelivery. */
export async function storm(): Promise<Figure[]> {
  const ids = Array.from({ length: services }, (_, n) => `PSTORM${n}`);
  return beside({ latencyMs, services: ids.slice(0, known) }, async ({ bot }) => {
    const { send, close } = sender(bot.url, 50);
    const bodies = stormOf(ids, Math.round((eventsPerMinute * stormMs) / 60_000));
    const answered = await paced(bodies.length, 60_000 / eventsPerMinute, (n) => send(webhook(bodies[n]!)));
    await close();
    const tookMs = answered.map(({ ms }) => ms);
    return [
      {
        name: 'PagerDuty storm, 5,000 events a minute: p99',
        measured: percentile(tookMs, 0.99),
        bar: percentileMsMax,
        unit: 'ms',
        detail: `${bodies.length} events, ${services} services, median ${median(tookMs).toFixed(1)} ms, slowest ${Math.max(...tookMs).toFixed(0)} ms`,
      },
    ];
  });
}

/** Of ten events: five triggers, two redeliveries, an acknowledgement, two resolves. The same in every run. */
function stormOf(ids: readonly string[], count: number): string[] {
  const [bodies, incidents]: [string[], Incident[]] = [[], []];
  for (let n = 0; n < count; n += 1) {
    const kind = n % 10;
    const before = incidents[(n * 7) % Math.max(1, incidents.length)];
    if (before === undefined || kind < 5) {
      const incident = triggered(ids[(n * 13) % ids.length]!, n, Date.now());
      incidents.push(incident);
      bodies.push(event(n, 'triggered', incident));
    } else if (kind < 7) bodies.push(bodies[(n * 11) % bodies.length]!);
    else {
      const what = kind === 7 ? 'acknowledged' : 'resolved';
      bodies.push(event(n, what, { ...before, status: what }));
    }
  }
  return bodies;
}

/** The `n`-th that fires, as PagerDuty has it. `createdAt` epoch ms. */
export const triggered = (service: string, n: number, createdAt: number): Incident => ({
  id: `Q${String(n).padStart(13, '0')}`,
  number: n,
  title: `Error budget of ${service} burns (${n})`,
  status: 'triggered',
  urgency: n % 3 === 0 ? 'low' : 'high',
  service: serviceNamed({ id: service, summary: `Service ${service}` }),
  assignees: [],
  priority: null,
  incidentKey: `key-${n}`,
  createdAt,
  reopenedAt: null,
  mergedInto: null,
});

const event = (n: number, what: string, incident: Incident): string =>
  envelope({
    id: `01BENCH${String(n).padStart(19, '0')}`,
    type: `incident.${what}`,
    resource: 'incident',
    at: Date.now(),
    agent: incident.service,
    data: incidentData(incident),
  });
