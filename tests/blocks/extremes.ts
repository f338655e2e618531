import fc from 'fast-check';
import type { By } from '../../src/incident/by.ts';
import type { Fact, FactType } from '../../src/incident/facts.ts';
import type { Incident, Reached, Role, Status } from '../../src/incident/incident.ts';
import { nudgeRules } from '../../src/incident/incident.ts';
import { transitions } from '../../src/incident/lifecycle.ts';
import type { PageOrder, PageReason } from '../../src/incident/page-order.ts';
import { sectionIds } from '../../src/incident/postmortem-sections.ts';
import { at } from '../support/incident.ts';
import { checkout, order } from './screen.ts';

/** What people and machines put into titles, on purpose or not. */
const nasty = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '<!channel> <!here> <!everyone>',
    '<@U1> <@UBEA|bea> <!subteam^S1>',
    '@here @channel #general',
    '`code` ```block``` *bold* _it_ ~no~',
    'one\ntwo\r\n\n\nthree\t',
    'مرحبا \u202Ereversed\u202C \u200b\ufeff',
    '🔥'.repeat(2_500),
    'x'.repeat(5_000),
    '&'.repeat(5_000),
    '<https://evil.example|click> https://evil.example mailto:a@b.example',
    '<!date^1^{time}|now> &lt;!channel&gt; &amp;lt;',
    '\ud800 lone',
  ),
  fc.string({ maxLength: 200, unit: 'grapheme' }),
);

const users = ['UANA', 'UBEA', 'UCAI', 'not-a-user-id'] as const;
const user = fc.constantFrom(...users);
const moment = fc.integer({ min: at('00:00') - 40 * 86_400_000, max: at('00:00') + 40 * 86_400_000 });
const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary);

export const by: fc.Arbitrary<By> = fc.oneof(
  fc.record({ kind: fc.constant('person' as const), user }),
  fc.record({ kind: fc.constant('pagerduty' as const), name: nasty }),
  fc.constant({ kind: 'clock' } as const),
);

const severity = fc.constantFrom(1, 2, 3, 4) as fc.Arbitrary<1 | 2 | 3 | 4>;
const statuses = Object.keys(transitions) as Status[];
const status = fc.constantFrom(...statuses);
const role: fc.Arbitrary<Role> = fc.constantFrom('commander', 'comms', 'tech', 'ops', 'scribe');
const update = fc.record({
  at: moment,
  by,
  happening: nasty,
  impact: nasty,
  doing: nasty,
  nextAt: orNull(moment),
});
const alertIds = Array.from({ length: 500 }, (_, index) => `PD${index}`);
const phones = fc.array(fc.record({ name: nasty, number: nasty }), { maxLength: 30 });

const base = (): Incident => checkout().incident;

const other = fc.record({
  id: fc.nat(999_999),
  title: nasty,
  severity,
  isPrivate: fc.boolean(),
  channel: orNull(fc.record({ id: fc.constant('C42'), name: nasty })),
});

/** An incident as a bad night leaves it; the combinations need not be likely, only possible to store. */
export const incident: fc.Arbitrary<Incident> = fc
  .record({
    title: nasty,
    summary: nasty,
    impactText: nasty,
    severityReason: nasty,
    severity,
    status,
    provisional: fc.boolean(),
    isTest: fc.boolean(),
    isPrivate: fc.boolean(),
    declaredBy: by,
    severityBy: by,
    service: orNull(nasty),
    category: orNull(nasty),
    runbook: orNull(fc.constantFrom('https://ok.example/x', 'javascript:alert(1)', 'not a url')),
    callUrl: fc.constantFrom(undefined, 'https://ok.example/x', 'javascript:alert(1)'),
    noticedBy: fc.option(nasty, { nil: undefined }),
    alsoServices: fc.option(fc.array(nasty, { maxLength: 50 }), { nil: undefined }),
    visibility: fc.constantFrom('channel', 'line', 'storm') as fc.Arbitrary<Incident['visibility']>,
    channel: orNull(
      fc.record({ id: fc.constant('C42'), name: nasty, threadTs: fc.constantFrom(undefined, '1.2') }),
    ),
    channelProblem: orNull(nasty),
    statusAt: moment,
    acknowledged: orNull(fc.record({ by, at: moment, lastSeenAt: moment })),
    resolution: orNull(fc.record({ how: nasty, verified: fc.boolean(), text: nasty, by })),
    holders: fc.array(fc.tuple(role, user), { maxLength: 5 }),
    last: orNull(update),
    dueAt: orNull(moment),
    messagesSince: fc.nat(1_000_000),
    firing: fc.constantFrom(0, 1, 500),
    source: orNull(fc.constantFrom('https://pd.example/1', 'http://pd.example/1', 'javascript:alert(1)', '')),
    next: orNull(fc.record({ step: fc.integer({ min: 0, max: 6 }), round: fc.nat(2), at: moment })),
    heldAt: orNull(moment),
    phones,
    paused: fc.option(fc.record({ by, untilAt: moment, why: nasty }), { nil: undefined }),
    followups: fc.array(
      fc.record({
        n: fc.nat(200),
        text: nasty,
        owner: orNull(user),
        dueAt: orNull(moment),
        doneAt: orNull(moment),
        by,
        from: fc.option(fc.record({ id: fc.nat(), n: fc.nat(200) }), { nil: undefined }),
      }),
      { maxLength: 60 },
    ),
    survivor: fc.option(other, { nil: undefined }),
    fromMessage: fc.constantFrom(undefined, {
      channel: 'C42',
      ts: '1.1',
      author: { user: 'UANA', app: null },
      link: 'https://ok.example/x',
    }),
  })
  .map(({ holders, last, dueAt, messagesSince, firing, source, next, heldAt, phones: numbers, ...plain }) => {
    const one = base();
    const reached: Reached[] = users.map((told) => ({
      user: told,
      at: at('02:01'),
      severity: 1,
      how: 'paged',
    }));
    return {
      ...one,
      ...plain,
      id: 999_999,
      policy: { ...one.policy, phones: numbers },
      roles: Object.fromEntries(
        holders.map(([held, holder]) => [held, { user: holder, at: at('02:00'), timeZone: null }]),
      ),
      updates: { last, dueAt, noChangeRunning: 0, messagesSince },
      alerts: Object.fromEntries(
        alertIds.slice(0, firing).map((id) => [id, { state: 'triggered' as const, at: at('02:00') }]),
      ),
      alertSource:
        source === null ? null : { id: 'PD0', title: plain.title, url: source, service: plain.summary },
      escalation: { ...one.escalation, next, heldAt, reached },
      pages: { UBEA: { channel: 'D1', ts: '1.1', at: at('02:01'), standing: plain.title } },
    };
  });

export const reason: fc.Arbitrary<PageReason> = fc.oneof(
  fc.record({
    why: fc.constantFrom('declared', 'alert', 'ladder', 'no-commander', 'reopened', 'fired-again'),
  }),
  fc.record({ why: fc.constant('raised'), by }),
  fc.record({ why: fc.constant('asked'), by, text: nasty }),
  fc.record({ why: fc.constantFrom('declined', 'unacknowledged'), by }),
  fc.record({ why: fc.constant('shift-changed'), from: user }),
  fc.record({ why: fc.constant('silent'), user }),
  fc.record({ why: fc.constant('still-on-it'), sinceAt: moment }),
  fc.record({ why: fc.constant('no-update'), dueAt: moment }),
) as fc.Arbitrary<PageReason>;

export const pageOrder: fc.Arbitrary<PageOrder> = fc
  .tuple(reason, fc.constantFrom('page', 'notify'), nasty, orNull(moment), fc.boolean())
  .map(([why, action, name, nextAt, isLadder]) => ({
    ...order(base(), why),
    action: action === 'page' ? 'page' : 'notify',
    target: { kind: 'named', name },
    step: isLadder ? 0 : null,
    nextAt,
  }));

const author = fc.record({ user: orNull(user), app: orNull(nasty) });
const files = fc.array(fc.record({ id: nasty, name: nasty, link: nasty }), { maxLength: 20 });
const happenedAt = moment;
const place = { channel: fc.constant('C42'), ts: fc.constant('1.1') };
const rule = fc.constantFrom(...nudgeRules);
const effect = fc.constantFrom('card', 'page', 'say');
const people = fc.array(fc.record({ user, standing: nasty, note: fc.option(nasty, { nil: undefined }) }), {
  maxLength: 60,
});
const alert = fc.record({
  id: nasty,
  title: nasty,
  url: orNull(nasty),
  service: nasty,
  at: moment,
  createdAt: moment,
  severity,
  severityReason: nasty,
  assignees: fc.array(nasty, { maxLength: 3 }),
});
const lifeReason = fc.constantFrom('gave-back', 'declined', 'silent', 'pagerduty');
const change = fc.constantFrom('topic', 'purpose', 'name', 'archive', 'unarchive');
const fix = fc.constantFrom('rollback', 'other');
const via = fc.constantFrom('dm', 'channel', 'mention', 'page');
const what = fc.constantFrom('card', 'announcement', 'storm', 'draft');
const section = fc.constantFrom(...sectionIds);

/** The fields of every fact, as wild as they come; a type that is missing here does not compile. */
const fields: Record<FactType, Record<string, fc.Arbitrary<unknown>>> = {
  declared: { by, title: nasty, severity, provisional: fc.boolean(), isTest: fc.boolean() },
  acknowledged: { by },
  unacknowledged: { by, from: by, reason: lifeReason },
  declined: { by },
  'still-on-it-asked': { user, sinceAt: moment },
  'still-on-it': { by },
  'alert-attached': { by, alert, happenedAt },
  'alert-changed': {
    by,
    id: nasty,
    to: fc.constantFrom('triggered', 'resolved'),
    happenedAt,
    outdated: fc.boolean(),
  },
  'alert-remark': { by, id: nasty, text: nasty, happenedAt, calls: fc.array(nasty, { maxLength: 60 }) },
  'alerts-cleared': { acknowledged: fc.boolean(), cancelAt: orNull(moment) },
  'fired-again': { alert },
  'kept-open': { by },
  'alert-details-read': { id: nasty, impact: fc.constant({ errorRate: 62 }), reason: nasty },
  'page-linked': { by, alert, happenedAt },
  'alert-followed': { id: nasty, to: fc.constantFrom('triggered', 'resolved'), at: moment },
  'pagerduty-asked': {
    id: nasty,
    people: fc.array(nasty, { maxLength: 60 }),
    how: fc.constantFrom('escalated', 'responders'),
  },
  'pagerduty-calling': { people: fc.array(nasty, { maxLength: 60 }) },
  'pagerduty-priority-set': { id: nasty, severity },
  'pagerduty-failed': {
    wish: fc.constantFrom('page', 'state', 'priority', 'title', 'note', 'details'),
    says: nasty,
    cure: nasty,
  },
  'channel-opened': { channel: fc.record({ id: fc.constant('C42'), name: nasty }), problem: orNull(nasty) },
  'channel-refused': { error: nasty },
  'channel-requested': { by },
  'channel-renamed': { name: nasty, before: nasty },
  'made-private': {
    by,
    channel: orNull(fc.record({ id: fc.constant('C42'), name: nasty })),
    card: fc.constant(null),
    announcement: orNull(fc.record(place)),
    nudge: fc.constant(null),
  },
  renamed: { by, title: nasty, before: nasty },
  'call-set': {
    by,
    url: fc.constantFrom('https://ok.example/x', 'javascript:alert(1)'),
    before: fc.constant(null),
  },
  'runbook-added': { by, service: nasty, url: fc.constant('https://ok.example/x') },
  'limit-met': { what: fc.constantFrom('bookmarks', 'pins', 'channel-name'), error: nasty },
  'channel-lost': { reason: nasty, channel: fc.record({ id: fc.constant('C42'), name: nasty }) },
  'was-away': {
    fromAt: moment,
    toAt: moment,
    of: fc.constantFrom(undefined, 'slack', 'events'),
    messages: fc.constantFrom(undefined, null, 0, 1, 12),
    changes: fc.nat(3),
    untold: fc.array(fc.record({ type: fc.constant('renamed'), by, title: nasty, before: nasty }), {
      maxLength: 5,
    }),
    more: fc.nat(99),
  },
  'history-wanted': {},
  'commands-missed': {
    missed: fc.array(fc.record({ user: fc.constant('U0ANA'), word: nasty, writtenAt: moment })),
  },
  posted: { what, ...place },
  said: { about: fc.constant({ type: 'kept-open', by: { kind: 'clock' } }), ...place },
  'help-called': place,
  'nudge-posted': { rule, rung: fc.nat(3), dueAt: moment, ...place },
  'place-lost': { what },
  'effect-failed': { kind: effect, error: nasty },
  'call-retried': { by, row: fc.nat(9_999), kind: effect, error: nasty },
  'call-discarded': { by, row: fc.nat(9_999), kind: effect, error: nasty },
  'page-ordered': { by, order: pageOrder, next: fc.constant(null), lateMs: fc.nat(10_000_000) },
  'people-paged': {
    order: pageOrder,
    people,
    skipped: fc.array(fc.record({ user, at: moment }), { maxLength: 60 }),
    missing: orNull(nasty),
    askedInstead: fc.array(user, { maxLength: 60 }),
    webhooks: fc.constantFrom(undefined, ['noc'], Array(10).fill('a'.repeat(40))),
    passedOn: fc.constantFrom(undefined, true),
  },
  'page-delivered': { user, ...place, order: pageOrder, standing: nasty },
  'page-failed': { user, error: nasty },
  'slack-quiet': {
    order: pageOrder,
    people: fc.array(fc.record({ user, untilAt: moment }), { minLength: 1, maxLength: 60 }),
  },
  'webhook-told': { name: nasty, order: pageOrder },
  'webhook-failed': { name: nasty, error: nasty },
  'ticket-recorded': { next: fc.constant(null) },
  'ladder-exhausted': { phones },
  'status-changed': { by, from: status, to: status, note: nasty },
  resolved: { by, from: status, how: fix, verified: fc.boolean(), text: nasty },
  canceled: { by, from: status, why: nasty },
  closed: {
    by,
    answers: fc.constant([
      { item: 'stable', ticked: true, proven: true },
      { item: 'timeline', ticked: true, proven: false },
      { item: 'followups', ticked: false, proven: false },
    ]),
    why: nasty,
  },
  'followup-added': { by, n: fc.nat(), text: nasty, owner: orNull(user), dueAt: orNull(moment) },
  'followup-done': { by, n: fc.nat(), text: nasty },
  'followup-removed': { by, n: fc.nat(), text: nasty },
  'followup-snoozed': { by, n: fc.nat(), untilAt: moment },
  'followups-asked': { user, ns: fc.array(fc.nat(), { maxLength: 200 }) },
  'quote-withheld': { source: fc.record(place), why: fc.constantFrom('deleted', 'hidden', 'shown') },
  'followups-given-up': { user, ns: fc.array(fc.nat(), { maxLength: 200 }) },
  'close-undone': { by },
  merged: { by, from: status, into: other },
  absorbed: {
    by,
    from: other,
    brings: fc.record({ alerts: fc.constant({}), users: fc.array(user), alertSource: fc.constant(null) }),
  },
  separated: { by, from: other },
  'same-reported': { by, title: nasty, summary: nasty },
  'kept-apart': { by, id: fc.nat() },
  reopened: {
    by,
    from: status,
    to: status,
    why: nasty,
    apartFrom: fc.constantFrom(undefined, { id: 7, isPrivate: true }),
  },
  'message-posted': { ...place, author, text: nasty, threadTs: fc.constant(null), files, happenedAt },
  'message-edited': { ...place, author, text: nasty, happenedAt },
  'message-deleted': { ...place, happenedAt },
  'member-joined': { user, happenedAt },
  'member-left': { user, happenedAt },
  'channel-changed': { ...place, user, what: change, text: nasty, happenedAt },
  'note-added': { by, text: nasty, happenedAt },
  'entry-marked': {
    by,
    mark: fc.constantFrom('star', 'hide', 'pin'),
    on: fc.boolean(),
    entry: fc.oneof(fc.record({ seq: fc.nat() }), fc.record(place)),
  },
  'export-requested': {
    by,
    format: fc.constantFrom('markdown', 'json', 'csv'),
    to: fc.constantFrom('person', 'channel'),
  },
  nudged: { rule, rung: fc.nat(3), dueAt: moment, via, to: orNull(user), lastRung: fc.boolean() },
  'nudge-snoozed': { by, rule, untilAt: moment },
  'nudge-started': { by, rule },
  'nudge-stopped': { by, rule, ignored: fc.nat(9) },
  'command-confirmed': { by },
  paused: { by, untilAt: moment, why: nasty },
  'pause-ended': { by, because: fc.constantFrom('asked', 'time', 'news') },
  'draft-requested': { by, quiet: fc.boolean() },
  'postmortem-edited': { by, section, text: nasty },
  'postmortem-restored': { by, section },
  'postmortem-owner-set': { by, user, timeZone: orNull(nasty), before: orNull(user) },
  'postmortem-zone-noted': { user, timeZone: nasty },
  'postmortem-due-set': { by, dueAt: orNull(moment) },
  'postmortem-reviewed': { by },
  'postmortem-review-undone': { by },
  'postmortem-reminded': { user, what: fc.constantFrom('ask', 'due'), dueAt: moment },
  'postmortem-snoozed': { by, untilAt: moment },
  'postmortem-stopped': { by },
  'canvas-noted': { canvas: fc.constantFrom(null, { id: 'F1', channel: 'C1' }) },
  'postmortem-exported': { by, format: fc.constantFrom('html', 'markdown') },
  'role-assigned': { by, role, user, before: orNull(user), timeZone: orNull(nasty) },
  'role-dropped': { by, role, user },
  'role-offered': {
    by,
    role,
    user,
    from: user,
    words: nasty,
    timeZone: orNull(nasty),
    instead: orNull(user),
  },
  'offer-posted': { role, user, offeredAt: moment, ...place },
  'offer-failed': { role, user, from: user, error: nasty },
  'offer-reminded': { role, user },
  'offer-unanswered': { role, user, from: user, offeredAt: moment },
  'offer-declined': { by, role, from: user },
  'offer-withdrawn': { by, role, user },
  'severity-changed': {
    by,
    from: severity,
    to: severity,
    reason: nasty,
    provisional: fc.boolean(),
    acknowledgedBefore: orNull(by),
  },
  'update-posted': { by, happening: nasty, impact: nasty, doing: nasty, nextAt: orNull(moment) },
  'no-change-posted': { by, nextAt: orNull(moment) },
};

const factTypes = Object.keys(fields) as FactType[];

export const fact: fc.Arbitrary<Fact> = fc.oneof(
  ...factTypes.map(
    (type) =>
      fc.record({ type: fc.constant(type), ...fields[type] }) as fc.Arbitrary<unknown> as fc.Arbitrary<Fact>,
  ),
);

export { moment, nasty, rule as nudgeRule, user };
