import type { PagerDutyOptions } from './pagerduty.ts';
import type { Stage } from './stage.ts';
import { thirdRoom } from './story-rooms.ts';

/** Who is called, by what, and how they answer: PagerDuty in both directions, and cover in the middle of the night. */

/** `incident.yml` of the night: Bea, then Cai, who takes turns with Eve; Dana manages, Eve is VP, Finn CTO. */
export const storyIncidentFile = `
teams:
  payments:
    onCall: { startsOn: '2026-01-05', primary: [U0BEA], secondary: [U0EVE, U0CAI] }
    targets: { engineering-manager: [U0DANA], team-lead: [U0DANA] }
catchAllTeam: payments
targets: { vp-engineering: [U0EVE], cto: [U0FINN], director: [U0EVE] }
phones: [{ name: Night desk, number: '+49 30 1234567' }]
services:
  payments: { team: payments, pagerduty: [PPAYMNT], runbook: 'https://runbooks.example.com/payments' }
  search: { team: payments, pagerduty: [PSEARCH] }
`;

/** The same people in PagerDuty. It leaves the escalating to Tocsin: by itself it would wait for three hours. */
const timeoutMinutes = 180;
export const storyAccount: Omit<PagerDutyOptions, 'clock' | 'secrets'> = {
  policies: [
    {
      name: 'night',
      levels: [
        { timeoutMinutes, targets: [{ user: 'bea' }] },
        { timeoutMinutes, targets: [{ user: 'cai' }] },
        { timeoutMinutes, targets: [{ user: 'dana' }] },
      ],
    },
  ],
  services: [
    { name: 'payments', id: 'PPAYMNT', policy: 'night' },
    { name: 'search', id: 'PSEARCH', policy: 'night' },
  ],
};

export async function theCover(stage: Stage): Promise<void> {
  await stage.until('03:38');
  stage.act(
    'Somebody else, for the rest of the night',
    'Cai has been up since two. He asks for cover; he stays on call until somebody takes it.',
  );
  await stage.does('cai', 'types /incident oncall cover 5h', (cai) =>
    cai.command('/incident oncall cover 5h', { in: 'general' }),
  );
  await stage.does('eve', "taps [I'll take it]", (eve) => eve.click("I'll take it", { in: 'dm' }));
}

export async function theTwoWays(stage: Stage): Promise<void> {
  const { pagerduty } = stage.world;
  await stage.until('03:40');
  stage.act(
    'PagerDuty calls, Slack answers',
    'Another alert. Bea sleeps at last: five minutes later the next page goes to Eve, who has the cover.',
  );
  const what = { title: 'Search returns nothing', service: 'search', priority: 'P1' } as const;
  const raised: Awaited<ReturnType<typeof pagerduty.trigger>>[] = [];
  await stage.happens('PagerDuty: search, P1, "Search returns nothing"; it calls Bea', async () => {
    raised.push(await pagerduty.trigger(what));
  });
  const [alert] = raised;
  if (!alert) throw new Error('PagerDuty raised nothing');
  const there = (): string => {
    const { incident, acknowledgers } = pagerduty.ticket(alert);
    const by = acknowledgers.map(({ user }) => user.summary).join(' and ');
    return `in PagerDuty it is ${incident.status}${by === '' ? '' : ` by ${by}`}`;
  };
  await stage.until('03:46');
  await stage.does('eve', 'taps [Acknowledge] in Slack', (eve) => eve.click('Acknowledge', { in: 'dm' }));
  await stage.happens(there());
  await stage.until('03:47');
  stage.act('And the other way round', 'What people do in PagerDuty, Slack knows.');
  await stage.happens(
    'Eve loses her connection, and gives it back in the PagerDuty app: it calls Bea again',
    () => pagerduty.unacknowledge(alert, { by: 'eve' }),
  );
  await stage.until('03:48');
  await stage.happens('Bea is awake, and acknowledges in the PagerDuty app', () =>
    pagerduty.acknowledge(alert, { by: 'bea' }),
  );
  await stage.until('03:50');
  const cancel = '/incident cancel the probe asked an index that was retired';
  await stage.does('bea', `types ${cancel}`, (bea) => bea.command(cancel, thirdRoom));
  await stage.happens(there());
}
