import { expect, test } from 'vitest';
import type { AlertNews } from '../../src/incident/alerts.ts';
import { clock } from '../../src/incident/by.ts';
import { evidence, worstGaps } from '../../src/postmortem/evidence.ts';
import type { Evidence } from '../../src/postmortem/finding.ts';
import { read } from '../../src/postmortem/reading.ts';
import { at, declared, type Life, names } from '../support/incident.ts';
import { bea, cai, dana, ninetyMinutes, paged } from './story.ts';

const evidenceOf = (life: Life, time = '04:00'): Evidence[] =>
  evidence(read(life.incident, life.entries, at(time)));

/** What an incident shows: `well: Acknowledged in …`. */
const shown = (life: Life, time?: string): string[] =>
  evidenceOf(life, time).map((one) => `${one.area ?? one.kind}: ${one.text}`);

const resolved = { type: 'resolve', by: bea, how: 'hotfix', verified: true, text: '' } as const;
const acknowledged = { type: 'acknowledge', by: bea, onCall: true, confirmed: false } as const;

const alert: AlertNews = {
  id: 'P1',
  title: 'error rate',
  url: null,
  service: 'payments',
  at: at('02:00'),
  createdAt: at('02:00'),
  severity: 1,
  severityReason: 'PagerDuty priority P1',
  assignees: [],
};

test('ninety minutes show what went well, what went poorly, and the gaps', () => {
  expect(shown(ninetyMinutes())).toEqual([
    'monitoring: A person noticed and declared it; no alert was linked to it.',
    'ownership: Nobody was in command for 22 min (02:00 to 02:22 UTC).',
    'ownership: Nobody was comms lead for 1 h 14 min (02:00 to 03:14 UTC).',
    'poorly: Acknowledged in 7 min against a target of 5 min.',
    'poorly: No update for 48 min (02:12 to 03:00 UTC); one was due at 02:27.',
    'well: Recovery was verified when it was resolved.',
  ]);
});

test('each thing names the row it comes from', () => {
  const life = ninetyMinutes();
  const typeOf = (text: string) => {
    const one = evidenceOf(life).find((each) => each.text.includes(text));
    return life.entries.find((entry) => entry.seq === one?.seq)?.fact.type;
  };
  expect(typeOf('Acknowledged in')).toBe('acknowledged');
  expect(typeOf('No update for')).toBe('update-posted');
  expect(typeOf('in command')).toBe('declared');
  expect(typeOf('Recovery')).toBe('resolved');
});

test('nobody is named, so nobody is blamed', () => {
  const text = evidenceOf(ninetyMinutes())
    .map((one) => one.text)
    .join(' ');
  for (const user of ['ana', 'bea', 'cai', 'dana'])
    expect(text).not.toMatch(new RegExp(`\\b${names(user)}\\b`));
});

test('an acknowledgement in time went well', () => {
  const life = declared().does('02:02', acknowledged).does('02:10', resolved);
  expect(shown(life)).toContain('well: Acknowledged in 2 min against a target of 5 min.');
});

test('twenty seconds late are told as twenty seconds late', () => {
  const life = declared().does('02:05:20', acknowledged).does('02:10', resolved);
  expect(shown(life)).toContain('poorly: Acknowledged in 5 min 20 s against a target of 5 min.');
});

test('taking command at once is an acknowledgement in no time at all', () => {
  const life = declared({ takeCommand: true }).does('02:10', resolved);
  expect(shown(life)).toContain('well: Somebody was in command after 0 s.');
  expect(shown(life).join()).not.toMatch(/Nobody had it/);
});

test('nobody ever had it', () => {
  expect(shown(declared().does('02:30', resolved))).toContain(
    'poorly: Nobody had it for 30 min; the target was 5 min.',
  );
  expect(shown(declared(), '02:30')).toContain('poorly: Nobody had it for 30 min; the target was 5 min.');
});

test('a raise needs a new acknowledgement, measured against the new target', () => {
  const life = declared({ severity: 3 })
    .does('02:10', acknowledged)
    .does('02:20', { type: 'change-severity', by: cai, to: 1, reason: 'all users' })
    .does('02:32', acknowledged)
    .does('02:40', resolved);
  expect(shown(life)).toContain('well: Acknowledged in 10 min against a target of 1 h.');
  expect(shown(life)).toContain(
    'poorly: Acknowledged in 12 min after the severity was raised against a target of 5 min.',
  );
});

test('acknowledged, then silent: the clock gives it back', () => {
  const life = declared().happens('02:00', paged('bea')).does('02:02', acknowledged).passUntil('02:22');
  expect(shown(life, '02:30')).toContain(
    'poorly: Acknowledged, then silent for 20 min: paging started again.',
  );
});

test('nobody answers at all: the escalation runs out, and that is the worst of it', () => {
  const life = declared().passUntil('05:00');
  const worst = worstGaps(evidenceOf(life, '05:00'));
  expect(worst[0]?.text).toBe('The escalation ran out: every step was tried and nobody acknowledged.');
});

test('pages that did not arrive are gaps', () => {
  const life = declared()
    .does('02:00', {
      type: 'note-page-failed',
      user: 'bea',
      error: 'channel_not_found',
      order: paged('bea').order,
    })
    .happens('02:01', {
      ...paged('bea'),
      people: [],
      missing: 'nobody is on call for payments',
    } as ReturnType<typeof paged>);
  expect(shown(life, '02:02')).toContain('process: A page could not be delivered (channel_not_found).');
  expect(shown(life, '02:02')).toContain(
    'ownership: A page found nobody to go to: nobody is on call for payments.',
  );
});

test('updates that came in time are counted, and an update owed at the end is missed', () => {
  const update = {
    type: 'post-update',
    by: cai,
    happening: 'x',
    impact: '',
    doing: '',
    nextAt: null,
  } as const;
  const life = declared().does('02:02', acknowledged).does('02:15', update).does('02:29', update);
  expect(shown(life, '02:40')).toContain('well: Every update came when it was due (2 updates).');
  expect(shown(life, '03:00')).toContain(
    'poorly: No update for 31 min (02:29 to 03:00 UTC); one was due at 02:44.',
  );
});

test('a promised time counts instead of the cadence', () => {
  const update = {
    type: 'post-update',
    by: cai,
    happening: 'x',
    impact: '',
    doing: '',
    nextAt: at('03:30'),
  } as const;
  const life = declared().does('02:02', acknowledged).does('02:10', update).does('03:30', resolved);
  expect(shown(life)).toContain('well: Every update came when it was due (1 update).');
});

test('reminders do not excuse the update they remind of', () => {
  const life = declared()
    .happens('02:00', { type: 'channel-opened', channel: { id: 'C42', name: 'inc-42' }, problem: null })
    .does('02:02', acknowledged)
    .does('02:03', {
      type: 'assign-role',
      by: dana,
      role: 'commander',
      user: 'dana',
      timeZone: null,
      onlyIfVacant: true,
    })
    .says('02:14', 'bea', 'working on it')
    .passUntil('02:27')
    .says('02:27', 'bea', 'still working on it')
    .passUntil('02:40')
    .does('02:40', resolved);
  expect(life.entries.some(({ fact }) => fact.type === 'nudged' && fact.rule === 'update-due')).toBe(true);
  expect(shown(life)).toContain('poorly: No update for 40 min (02:00 to 02:40 UTC); one was due at 02:15.');
});

test('a severity that moves more than once is told as its path', () => {
  const life = declared({ severity: 3 })
    .does('02:10', { type: 'change-severity', by: cai, to: 1, reason: 'all users' })
    .does('02:20', { type: 'change-severity', by: cai, to: 2, reason: 'half of them' });
  expect(shown(life, '02:21')).toContain('poorly: The severity changed 2 times: SEV3, SEV1, SEV2.');
});

test('an alert that found it went well, and one that was late did not', () => {
  const by = { kind: 'pagerduty' } as const;
  expect(shown(declared({ by, alert }), '02:01')).toContain(
    'well: An alert found it; nobody had to notice it first.',
  );
  expect(shown(declared({ startedAt: at('01:20') }), '02:01')).toContain(
    'monitoring: It went on for 40 min before anybody noticed.',
  );
  const followed = declared().does('02:03', { type: 'attach-alert', by, alert: { ...alert, severity: 3 } });
  expect(shown(followed, '02:05')).toContain(
    'monitoring: A person noticed and declared it; the first alert was linked 3 min later.',
  );
});

test('luck is what went right though nothing made sure of it', () => {
  const by = { kind: 'pagerduty' } as const;
  const cleared = declared({ by, alert }).does('02:04', {
    type: 'note-alert',
    by,
    id: 'P1',
    to: 'resolved',
    at: at('02:04'),
    unacknowledged: false,
  });
  expect(shown(cleared, '02:05')).toContain('lucky: The alerts cleared while nobody had it.');
  const volunteer = declared()
    .happens('02:00', paged('bea'))
    .does('02:04', { type: 'acknowledge', by: dana, onCall: false, confirmed: true });
  expect(shown(volunteer, '02:05')).toContain(
    'lucky: It was acknowledged by somebody who had not been paged.',
  );
});

test('our own failures are told as well', () => {
  const life = declared()
    .does('02:01', { type: 'note-failed', kind: 'card', error: 'channel_not_found' })
    .does('02:20', { type: 'note-absence', fromAt: at('02:05'), toAt: at('02:17') })
    .does('02:20', { type: 'note-caught-up', messages: 0, changes: 0, untold: [], more: 0 })
    .happens('02:30', { type: 'nudge-stopped', by: clock, rule: 'no-comms', ignored: 3 });
  expect(shown(life, '02:31')).toEqual(
    expect.arrayContaining([
      'process: 1 message of the bot did not reach Slack (channel_not_found).',
      'process: The incident bot itself was away for 12 min.',
      'process: The reminder to name a comms lead went unanswered 3 times.',
    ]),
  );
});

test('a SEV4 owes no acknowledgement, no update and no commander', () => {
  const life = declared({ severity: 4 }).does('09:00', resolved);
  expect(shown(life, '09:01')).toEqual([
    'monitoring: A person noticed and declared it; no alert was linked to it.',
    'well: Recovery was verified when it was resolved.',
  ]);
});
