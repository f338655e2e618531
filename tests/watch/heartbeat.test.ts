import { pino } from 'pino';
import { expect, test } from 'vitest';
import { ask, watchedWorld } from '../support/watched.ts';

type Watched = Awaited<ReturnType<typeof watchedWorld>>;

/** Something to watch over: an incident that somebody has, and whose calls are all out. */
async function aNight(watched: Watched): Promise<void> {
  const { world } = watched;
  await world.slack.as('ana').command('/incident declare sev2 Checkout is down', { in: 'general' });
  await world.settle();
  await world.slack.as('bea').command('/incident ack', { in: 'inc-' });
  await world.settle();
}

test('while all is well it beats once a minute', async () => {
  const watched = await watchedWorld();
  await aNight(watched);
  await watched.world.pass('1m');
  expect(await watched.beatsIn('10m')).toBe(10);
  expect((await ask(watched.world)).status).toBe(200);
});

/** What is broken, on purpose; what people who ask `/healthz` read of it; how it is mended. */
const sabotages: [
  title: string,
  word: string,
  sabotage: (watched: Watched) => unknown,
  mend?: (watched: Watched) => unknown,
][] = [
  [
    'the database refuses every write of the clock',
    'tick-late',
    ({ damage }) =>
      damage("create trigger broken before update on meta begin select raise(abort, 'broken'); end"),
    ({ damage }) => damage('drop trigger broken'),
  ],
  [
    'the token is revoked, and nothing is to be said',
    'slack-away',
    ({ world }) => world.slack.tokens.revoke(),
  ],
  [
    'Slack is away',
    'slack-away',
    ({ world }) => world.slack.faults.always('auth.test', { status: 503 }),
    ({ world }) => world.slack.faults.clear(),
  ],
  [
    'a page does not get through',
    'page-late',
    async ({ world }) => {
      world.slack.faults.always('chat.postMessage', { error: 'internal_error' });
      await world.slack.as('ana').command('/incident declare sev1 Payments are down', { in: 'general' });
    },
  ],
  [
    'nobody carries a page any more',
    'page-late',
    ({ damage, world }) =>
      damage(
        `update outbox set state = 'sending', created_at = ${world.clock.now() - 61_000} where id = (select min(id) from outbox where lane = 0)`,
      ),
    ({ damage }) => damage("update outbox set state = 'done' where state = 'sending'"),
  ],
  [
    'a call never ends',
    'call-stuck',
    ({ damage, world }) =>
      damage(
        `update outbox set state = 'sending', sent_at = ${world.clock.now() - 600_001} where id = (select min(id) from outbox where lane = 4)`,
      ),
    ({ damage }) => damage("update outbox set state = 'done' where state = 'sending'"),
  ],
  [
    'a page is held back',
    'page-parked',
    ({ damage }) =>
      damage(
        "update outbox set state = 'parked', error = 'missing_scope' where id = (select min(id) from outbox where lane = 0)",
      ),
    ({ damage }) => damage("update outbox set state = 'done' where state = 'parked'"),
  ],
  [
    'something is due and the clock does not do it',
    'overdue',
    ({ damage }) =>
      damage(
        'update incidents set due_at = 1 where id = 1',
        'create trigger keep after update of due_at on incidents when new.due_at <> 1 begin update incidents set due_at = 1 where id = new.id; end',
      ),
  ],
  [
    'the stored incident is not what its facts say',
    'state-differs',
    ({ damage }) =>
      damage("update incidents set state = json_set(state, '$.title', 'Something else') where id = 1"),
    ({ damage }) =>
      damage("update incidents set state = json_set(state, '$.title', 'Checkout is down') where id = 1"),
  ],
  [
    'a fact is lost',
    'state-differs',
    ({ damage }) => damage('delete from timeline where incident = 1 and seq = 1'),
  ],
  [
    'the database cannot be read',
    'store-failing',
    ({ damage }) => damage('alter table outbox rename to gone'),
    ({ damage }) => damage('alter table gone rename to outbox'),
  ],
];

test.each(sabotages)(
  '%s: the beat stops within two minutes, and says why',
  async (_title, word, sabotage, mend) => {
    const watched = await watchedWorld();
    await aNight(watched);
    expect(await watched.beatsIn('5m')).toBeGreaterThanOrEqual(4);
    await sabotage(watched);
    // Time that nothing but the beat of the clock goes by in: whatever throws on the way is told, and goes on.
    const pass = (duration: string) => watched.world.pass(duration).catch(() => undefined);
    await pass('1m');
    await pass('1m');
    const before = watched.seen.beats;
    for (let minute = 0; minute < 5; minute += 1) await pass('1m');
    expect(watched.seen.beats).toBe(before);
    const answer = await ask(watched.world);
    expect(answer).toMatchObject({ status: word === 'store-failing' ? 500 : 503 });
    if (word !== 'store-failing') expect(answer.text).toContain(`"${word}"`);
    if (!mend) return;
    await mend(watched);
    await pass('2m');
    expect(await watched.beatsIn('5m')).toBeGreaterThanOrEqual(4);
  },
);

test('the heart stops: nobody audits, nothing beats, and whoever asks is told', async () => {
  const watched = await watchedWorld();
  await watched.world.pass('3m');
  const before = watched.seen.beats;
  watched.world.clock.set(watched.world.clock.now() + 180_000);
  await watched.world.settle();
  expect(watched.seen.beats).toBe(before);
  const { status, text } = await ask(watched.world);
  expect([status, JSON.parse(text)]).toMatchObject([503, { ok: false, audit: { isStale: true } }]);
  const ready = await ask(watched.world, '/readyz', null);
  expect(ready).toMatchObject({ status: 503, text: expect.stringContaining('the clock stands still') });
});

test('no backup for a day silences it; for some hours it is said in daylight', async () => {
  const watched = await watchedWorld();
  const later = (hours: number) => watched.world.clock.set(watched.world.clock.now() + hours * 3_600_000);
  later(3);
  await watched.world.pass('2m');
  expect((await ask(watched.world)).text).toContain('"backup-late"');
  expect(await watched.beatsIn('5m')).toBe(5);
  later(22);
  await watched.world.pass('2m');
  expect((await ask(watched.world)).text).toContain('"backup-missing"');
  expect(await watched.beatsIn('5m')).toBe(0);
});

test('a monitor that is away, or answers otherwise, is a line in the log once an hour, without its address', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const watched = await watchedWorld({ log });
  watched.seen.status = 302;
  await watched.world.pass('30m');
  const told = lines.filter((line) => line.includes('heartbeat'));
  expect(told).toHaveLength(1);
  expect(told[0]).toContain('it answered 302');
  expect(lines.join('')).not.toContain('canary-heartbeat-key');
  expect(watched.seen.beats).toBeGreaterThanOrEqual(29);
});

test('a monitor that takes no beat is said in the doctor and in /healthz, and stops nothing', async () => {
  const watched = await watchedWorld();
  const { world, seen } = watched;
  const doctor = () => world.slack.as('ana').command('/incident doctor', { in: 'general' });
  seen.status = 404;
  await world.pass('3m');
  expect((await ask(world)).text).not.toContain('heartbeat-unheard');
  expect(await watched.beatsIn('2m')).toBe(2);
  const { status, text } = await ask(world);
  expect(status).toBe(200);
  expect(text).toContain('"heartbeat-unheard"');
  expect(text).not.toContain('canary-heartbeat-key');
  expect(await doctor()).toContain(
    'The monitor at HEARTBEAT_URL did not take the last 4 beats (it answered 404)',
  );
  expect(world.slack.channel('incidents').transcript()).not.toContain('HEARTBEAT_URL');
  seen.status = 200;
  await world.pass('2m');
  expect(await doctor()).toContain('All is well.');
});

/** INC-1 with so many facts more than it has, of a kind that changes nothing of it. */
const lengthened = (watched: Watched, facts: number): void =>
  watched.damage(
    `with recursive more (n) as (select 1 union all select n + 1 from more where n < ${facts})
     insert into timeline (incident, seq, at, happened_at, cause, fact)
     select 1, (select max(seq) from timeline where incident = 1) + n, ${watched.world.clock.now()}, ${watched.world.clock.now()},
       'long:' || n, '{"type":"effect-failed","kind":"topic","error":"too_long"}' from more`,
  );

test('a timeline of thousands of facts is looked at too, over several minutes: it differs, and is mended', async () => {
  const watched = await watchedWorld();
  await aNight(watched);
  lengthened(watched, 5_000);
  expect(await watched.beatsIn('10m')).toBe(10);
  watched.damage("update incidents set state = json_set(state, '$.title', 'Something else') where id = 1");
  await watched.world.pass('12m');
  expect((await ask(watched.world)).text).toContain('"state-differs"');
  expect(await watched.beatsIn('5m')).toBe(0);
  watched.damage("update incidents set state = json_set(state, '$.title', 'Checkout is down') where id = 1");
  await watched.world.pass('12m');
  expect((await ask(watched.world)).text).not.toContain('"state-differs"');
  expect(await watched.beatsIn('5m')).toBe(5);
});
