import type { World } from '../start.ts';

/** A named situation that one click loads into a world of its own. */
export interface Story {
  name: string;
  title: string;
  /** What one finds there, and what to try. */
  about: string;
  /** Epoch ms; null: now. */
  startsAt: number | null;
  /** Whether time goes by itself once it is loaded. */
  goesOn: boolean;
  /** `progress` tells those who wait how far it is. */
  play(world: World, progress: (words: string) => void): Promise<void>;
}

/** It is a Monday. */
const nightAt = Date.parse('2026-03-02T02:00:00Z');
const payments = { id: 'PPAYMNT', summary: 'payments' };
const longMessages = 10_000;
/** So many are said before anybody waits for the bot to have read them. */
const longBatch = 250;

export const stories: readonly Story[] = [
  {
    name: 'fresh',
    title: 'A fresh workspace',
    about: 'Nothing has happened yet. Type /incident declare.',
    startsAt: null,
    goesOn: true,
    play: async () => {},
  },
  {
    name: 'three',
    title: 'Three open incidents',
    about: 'A SEV1 in full swing, a SEV2 from PagerDuty that nobody has taken, a SEV3 that Dana looks at.',
    startsAt: null,
    goesOn: true,
    play: playThree,
  },
  {
    name: 'second-page',
    title: 'The demo, paused before the second page',
    about: 'It is 02:14, Bea sleeps on. At 02:15 Cai is paged: press +1m, or stop the bot first.',
    startsAt: nightAt,
    goesOn: false,
    play: playSecondPage,
  },
  {
    name: 'long',
    title: `An incident of ${longMessages.toLocaleString('en')} messages`,
    about: 'A long night, and what page and bot make of it. Takes a minute or two to load.',
    startsAt: nightAt,
    goesOn: false,
    play: (world, progress) => playLong(world, progress, longMessages),
  },
];

async function playThree(world: World): Promise<void> {
  const { slack, pagerduty } = world;
  await slack.as('ana').command('/incident declare sev1 Checkout is down', { in: 'general' });
  await world.settle();
  const checkout = slack.channel('inc-').id;
  await slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.settle();
  await slack.as('bea').join(checkout);
  await slack.as('bea').click('Take command', { in: checkout });
  await slack.as('bea').say('Deploy 512 went out ten minutes ago. Looking at it', { in: checkout });
  await slack.as('ana').say('Support has 40 tickets: EU cards are declined', { in: checkout });
  await world.settle();
  await slack.as('dana').command('/incident declare sev3 Search results are stale', { in: 'general' });
  await world.settle();
  const search = slack.channel('inc-').id;
  await slack.as('dana').say('The indexer has stood still since 01:00', { in: search });
  await slack.as('dana').say('Restarted it, catching up', { in: search, thread: /indexer/ });
  await world.settle();
  await pagerduty.trigger({ title: 'Refunds are slow: p99 above 5 s', service: payments, urgency: 'high' });
  await world.settle();
}

async function playSecondPage(world: World): Promise<void> {
  await world.pagerduty.trigger({
    title: 'Checkout error rate above 5%',
    service: payments,
    urgency: 'high',
  });
  await world.pass('14m');
}

/** An incident with so many messages of three people, a reply here and there, edits and reactions. */
export async function playLong(
  world: World,
  progress: (words: string) => void,
  messages: number,
): Promise<void> {
  const { slack } = world;
  await slack.as('ana').command('/incident declare sev2 A long night', { in: 'general' });
  await world.settle();
  const room = { in: slack.channel('inc-').id };
  for (const who of ['bea', 'cai']) await slack.as(who).join(room.in);
  await slack.as('bea').click('Acknowledge', { in: 'dm' });
  await world.settle();
  const talkers = ['ana', 'bea', 'cai'] as const;
  const talkerOf = (number: number) => slack.as(talkers[number % talkers.length] ?? 'ana');
  for (let said = 0; said < messages; said += longBatch) {
    const batch = Array.from({ length: Math.min(longBatch, messages - said) }, (_, at) => said + at);
    await Promise.all(
      batch.map((number) => talkerOf(number).say(`Message ${number + 1}: still looking`, room)),
    );
    await slack.as('cai').react('eyes', /Message \d+/, room);
    progress(`${(said + batch.length).toLocaleString('en')} of ${messages.toLocaleString('en')} messages`);
  }
  await world.settle();
}
