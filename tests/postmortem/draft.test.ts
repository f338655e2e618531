import { expect, test } from 'vitest';
import { clock } from '../../src/incident/by.ts';
import { draft } from '../../src/postmortem/draft.ts';
import type { DraftInput } from '../../src/postmortem/story.ts';
import { at, declared, type Life, names, tsOf } from '../support/incident.ts';
import { bea, cai, dana, draftAt, ninetyMinutes, paged, section, sentence } from './story.ts';

test('a resolved incident is told in five lines that stand alone', () => {
  expect(draftAt(ninetyMinutes(), '03:15').lines).toEqual([
    'SEV1 "Checkout is down" on payments (INC-42), declared 2 March 2026 02:00 UTC by Ana.',
    'Impact: EU card payments fail. It lasted 1 h 18 min (2 March 2026, 01:56 to 03:14 UTC).',
    'Detected 4 min after it started, acknowledged 7 min after it was declared (target 5 min), mitigated after 48 min, resolved after 1 h 18 min.',
    'Fixed by: rollback. Release 512 rolled back. Recovery was verified.',
    'Worst gaps: nobody was comms lead for 1 h 14 min (02:00 to 03:14 UTC). No update for 48 min (02:12 to 03:00 UTC); one was due at 02:27. Nobody was in command for 22 min (02:00 to 02:22 UTC).',
  ]);
});

test('the document has the sections of a postmortem in their order', () => {
  const headings = draftAt(ninetyMinutes(), '03:15').markdown.match(/^#+ .*$/gm);
  expect(headings).toEqual([
    '# INC-42: Checkout is down',
    '## Summary',
    '## Impact',
    '## Timeline',
    '## Detection',
    '## Root cause: five whys',
    '## Resolution',
    '## Communication',
    '## What went well',
    '## What went poorly',
    '## Where we were lucky',
    '## Gaps in monitoring, process, ownership',
    '## Action items',
    '## People and roles',
    '## Figures',
  ]);
});

test('the timeline has the words of every message, and each line links to its message', () => {
  const link = (time: string) => `https://example.slack.com/archives/C42/p${tsOf(time).replace('.', '')}`;
  expect(section(draftAt(ninetyMinutes(), '03:15').markdown, 'Timeline').split('\n').slice(2)).toEqual([
    '**2 March 2026**',
    '',
    '- 02:00 Ana: declared',
    '- 02:00 Tocsin: people-paged',
    '- 02:05 Tocsin: people-paged',
    '- 02:07 Cai: acknowledged',
    `- [02:08](${link('02:08')}) **Cai**: errors began with release 512`,
    `- [02:09](${link('02:09')}) ↳ **Bea**: agreed, see graph`,
    '- 02:12 Cai: update-posted',
    '- 02:22 Dana: role-assigned',
    `- [02:40](${link('02:40')}) **Bea**: rollback is through`,
    '- 02:44 Dana: status-changed',
    '- 03:00 Dana: update-posted',
    '- 03:14 Dana: resolved, Release 512 rolled back',
  ]);
});

test('a night that passes midnight has its days apart', () => {
  const life = declared().says('23:59', 'bea', 'still looking').says('+1 00:01', 'bea', 'found it');
  const timeline = section(draftAt(life, '+1 00:02').markdown, 'Timeline');
  expect(timeline).toMatch(/\*\*2 March 2026\*\*[\s\S]*still looking\n\n\*\*3 March 2026\*\*\n\n.*found it$/);
});

test('a deleted message is nowhere in the draft', () => {
  const life = ninetyMinutes()
    .says('02:30', 'cai', 'the password is hunter2')
    .does('02:31', { type: 'record-deletion', channel: 'C42', ts: tsOf('02:30'), happenedAt: at('02:31') });
  const written = draftAt(life, '03:15');
  expect(JSON.stringify(written)).not.toContain('hunter2');
  expect(written.markdown).toContain('- 02:30 message deleted');
});

test("the bot's notes about its own messages are left out", () => {
  const life = declared()
    .does('02:00', { type: 'note-posted', what: 'card', channel: 'C42', ts: '1.1' })
    .does('02:01', {
      type: 'note-nudge-posted',
      rule: 'no-commander',
      rung: 0,
      dueAt: at('02:05'),
      channel: 'C42',
      ts: '1.2',
    });
  expect(section(draftAt(life, '02:05').markdown, 'Timeline')).not.toMatch(/posted|page-ordered/);
});

test("Slack's markup reads as people saw it", () => {
  const life = declared().says(
    '02:03',
    'bea',
    '<@cai> see <https://graphs.example/1|the graph> in <#C9|ops> &amp; act',
  );
  expect(draftAt(life, '02:05').markdown).toContain(
    '**Bea**: @Cai see the graph (https://graphs.example/1) in #ops & act',
  );
});

test('an edit, files and further lines stay on the line of their message', () => {
  const life = declared().does('02:03', {
    type: 'record-message',
    channel: 'C42',
    ts: tsOf('02:03'),
    author: { user: null, app: 'Grafana' },
    text: 'p99 is up\n\n# see below',
    threadTs: null,
    files: [{ id: 'F1', name: 'p99 [EU].png', link: 'https://files.example/F1' }],
    happenedAt: at('02:03'),
  });
  expect(draftAt(life, '02:05').markdown).toMatch(
    /\*\*Grafana \(app\)\*\*: p99 is up\\\n {2}\\# see below \(file: \[p99 \\\[EU\\\]\.png\]\(https:\/\/files\.example\/F1\)\)\n/,
  );
});

test('what nobody wrote down is a question and never an invention', () => {
  const life = declared({ service: undefined, severityReason: '' }).does('02:20', {
    type: 'resolve',
    by: bea,
    how: 'other',
    verified: false,
    text: '',
  });
  const { lines, questions, markdown } = draftAt(life, '02:21');
  expect(lines[1]).toBe('Impact: not written down yet. It lasted 20 min (2 March 2026, 02:00 to 02:20 UTC).');
  expect(lines[3]).toBe('Fixed by: other. Recovery was not verified.');
  expect(questions).toEqual([
    'Who was affected, and what could they not do?',
    'When did it really start?',
    'Which alert should have found it first?',
    'What made it fail, and what had changed before?',
    'What exactly was done, and why did it work?',
    'How do we know that it has recovered?',
  ]);
  expect(section(markdown, 'Impact')).toContain('_To answer: who was affected, and what could they not do?_');
  expect(section(markdown, 'Root cause: five whys').match(/^\d\. _To answer: why .*\?_$/gm)).toHaveLength(5);
});

test('a running incident has a draft too', () => {
  const { lines, dueAt } = draftAt(declared(), '02:20');
  expect(lines[1]).toContain('So far 20 min');
  expect(lines[2]).toBe('Detected at once, never acknowledged (target 5 min), not mitigated, not resolved.');
  expect(lines[3]).toBe('Fix: none yet, it is investigating.');
  expect(dueAt).toBeNull();
});

test('an alert that cleared by itself is not called fixed', () => {
  const life = declared().happens('02:30', {
    type: 'canceled',
    by: clock,
    from: 'investigating',
    why: 'cleared by itself',
  });
  expect(draftAt(life, '02:31').lines[3]).toBe('Fix: none, it was canceled: Cleared by itself.');
});

test('the commander owns the postmortem, else who had it, else who declared it', () => {
  const resolved = { type: 'resolve', by: bea, how: 'hotfix', verified: true, text: '' } as const;
  const unled = declared().does('02:30', resolved);
  const held = declared()
    .does('02:05', { type: 'acknowledge', by: cai, onCall: true, confirmed: false })
    .does('02:30', resolved);
  expect(draftAt(unled, '02:31')).toMatchObject({ owner: 'ana', ownerAs: 'declarer' });
  expect(draftAt(held, '02:31')).toMatchObject({ owner: 'cai', ownerAs: 'acknowledger' });
  expect(draftAt(ninetyMinutes(), '03:15')).toMatchObject({ owner: 'dana', ownerAs: 'commander' });
  expect(draftAt(held, '02:31').markdown).toContain(
    'Owner of this postmortem: Cai (acknowledger). Due: 4 March 2026 02:30 UTC, 48 h after it was resolved.',
  );
});

test('a SEV3 and a test owe nobody a postmortem', () => {
  const resolved = { type: 'resolve', by: bea, how: 'hotfix', verified: true, text: '' } as const;
  expect(draftAt(declared({ severity: 3 }).does('02:30', resolved), '02:31').dueAt).toBeNull();
  expect(draftAt(declared({ isTest: true }).does('02:30', resolved), '02:31').dueAt).toBeNull();
  expect(draftAt(declared({ severity: 2 }).does('02:30', resolved), '02:31').dueAt).toBe(
    at('02:30') + 48 * 3_600_000,
  );
});

test('resolved, reopened and resolved again lasts until the last time', () => {
  const life = declared()
    .does('02:20', { type: 'resolve', by: bea, how: 'scaling', verified: true, text: '' })
    .does('02:50', { type: 'reopen', by: bea, why: 'errors are back' })
    .does('03:20', { type: 'resolve', by: bea, how: 'rollback', verified: true, text: '' });
  const { lines, dueAt, markdown } = draftAt(life, '03:21');
  expect(lines[1]).toContain('It lasted 1 h 20 min');
  expect(lines[2]).toContain('resolved after 1 h 20 min');
  expect(dueAt).toBe(at('03:20') + 48 * 3_600_000);
  expect(section(markdown, 'What went poorly')).toContain(
    'It came back: reopened 30 min after it was resolved.',
  );
  expect(section(markdown, 'Figures')).toContain('| First resolved, then reopened | 20 min |');
});

test('people stand with the parts they had', () => {
  expect(
    section(draftAt(ninetyMinutes(), '03:15').markdown, 'People and roles').split('\n').slice(2),
  ).toEqual([
    '| Ana | declared it 02:00 | 0 messages |',
    '| Bea | paged 02:00 | 2 messages |',
    '| Cai | paged 02:05, acknowledged 02:07 | 1 message |',
    '| Dana | commander from 02:22, resolved it 03:14 | 0 messages |',
  ]);
});

test("the file is named after the incident, in letters that every system's names allow", () => {
  const fileName = (title: string) => draftAt(declared({ title }), '02:05').fileName;
  expect(fileName('Checkout is down')).toBe('INC-42-checkout-is-down.md');
  expect(fileName('Zählung: ../../etc/passwd <!channel>')).toBe('INC-42-zahlung-etc-passwd-channel.md');
  expect(fileName('🔥🔥🔥')).toBe('INC-42.md');
  expect(fileName('x'.repeat(5000)).length).toBeLessThan(80);
});

test('ten thousand messages are all there', () => {
  const life = declared().happens('02:00', paged('bea'));
  const seconds = (index: number) => `02:${String(index % 60).padStart(2, '0')}`;
  for (let index = 0; index < 10_000; index += 1) {
    life.says(seconds(index), 'bea', `message number ${index}`, { ts: `${index}.000100` });
  }
  life.does('03:10', { type: 'resolve', by: dana, how: 'hotfix', verified: true, text: '' });
  const { markdown } = draftAt(life, '03:11');
  expect(markdown.match(/message number \d+/g)).toHaveLength(10_000);
  expect(section(markdown, 'Figures')).toContain('| Messages | 10000 |');
});

test('how it was noticed stands in the detection section', () => {
  const noticed = (life: Life) => section(draftAt(life, '02:05').markdown, 'Detection');
  expect(noticed(declared({ noticedBy: 'customer report' }))).toContain('- Noticed by: customer report.\n');
  expect(noticed(declared())).not.toContain('Noticed by');
});

test('notes, the declaration and what follows from them lead to the message they were made of; replies open in their thread', () => {
  const address = 'https://example.slack.com/archives';
  const fromMessage = {
    channel: 'C7',
    ts: '1772416500.000100',
    author: { user: 'cai', app: null },
    link: `${address}/C7/p1772416500000100`,
  };
  const source = { ...fromMessage, ts: '1772416600.000100' };
  const life = declared({ fromMessage })
    .does('02:02', { type: 'add-note', by: bea, text: 'graph of the cache', happenedAt: at('02:01'), source })
    .says('02:04', 'cai', 'seen', { threadTs: tsOf('02:03') });
  const markdown = draftOf(life, (place, threadTs) => `${address}/${place.channel}/${place.ts}/${threadTs}`);
  const timeline = section(markdown, 'Timeline');
  expect(timeline).toContain(`- [02:00](${address}/C7/1772416500.000100/null) Ana: declared`);
  expect(timeline).toContain(`- [02:01](${address}/C7/1772416600.000100/null) Bea: note-added`);
  expect(timeline).toContain(`[02:04](${address}/C42/${tsOf('02:04')}/${tsOf('02:03')}) ↳ **Cai**: seen`);
  expect(section(markdown, 'Gaps in monitoring, process, ownership')).toContain(
    `- A person noticed and declared it; no alert was linked to it. ([02:00](${address}/C7/1772416500.000100/null))`,
  );
});

test('words that were hidden are nowhere in the draft, whatever they had become part of', () => {
  const life = declared()
    .does('02:10', {
      type: 'post-update',
      by: cai,
      happening: 'secret one',
      impact: 'EU cards fail',
      doing: 'looking',
      nextAt: null,
    })
    .does('02:12', {
      type: 'post-update',
      by: cai,
      happening: 'secret two',
      impact: 'secret impact',
      doing: 'secret deed',
      nextAt: null,
    })
    .does('02:13', { type: 'change-severity', by: cai, to: 2, reason: 'secret reason' })
    .says('02:14', 'cai', 'secret word')
    .does('02:20', { type: 'resolve', by: bea, how: 'rollback', verified: true, text: 'secret fix' });
  for (const { seq, fact } of [...life.entries]) {
    if (!JSON.stringify(fact).includes('secret')) continue;
    life.does('02:30', { type: 'mark-entry', by: bea, mark: 'hide', on: true, entry: { seq } });
  }
  const written = draftAt(life, '02:31');
  expect(JSON.stringify(written)).not.toContain('secret');
  expect(written.lines[1]).toMatch(/^Impact: not written down yet\./);
  expect(written.lines[3]).toBe('Fixed by: rollback. Recovery was verified.');
  expect(section(written.markdown, 'Impact')).toContain('- It was SEV2.');
});

const draftOf = (life: Life, link: DraftInput['link']): string =>
  draft({ incident: life.incident, entries: life.entries, now: at('02:30'), names, sentence, link }).markdown;
