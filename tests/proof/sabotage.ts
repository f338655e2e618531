import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * `node --import tsx tests/proof/sabotage.ts [words]`: breaks one guard after the other, in a copy, and runs the test that
 * has to notice. Words choose the guards whose names have them. Ends with code 1 where a test stays green.
 */
interface Sabotage {
  guard: string;
  file: string;
  /** Once in the file. */
  text: string;
  becomes: string;
  test: string;
  /** Its title, or how it begins. */
  title: string;
}

const sabotages: readonly Sabotage[] = [
  {
    guard: 'a row of the permissions: bots do nothing',
    file: 'src/incident/permissions.ts',
    text: "bot: 'none' } as const;",
    becomes: "bot: 'all' } as const;",
    test: 'tests/slack/permissions.test.ts',
    title: 'a public incident: externals, deactivated people, bots, and guests elsewhere',
  },
  {
    guard: 'buttons ask for permission',
    file: 'src/slack/listen.ts',
    text: 'const refused = refusedTo(kind, clickDeeds[action]);',
    becomes: 'const refused = refusedTo("member", clickDeeds[action]);',
    test: 'tests/slack/permissions.test.ts',
    title: 'a public incident: externals, deactivated people, bots, and guests elsewhere',
  },
  {
    guard: 'forms ask for permission',
    file: 'src/slack/listen.ts',
    text: 'const notAllowed = refusedTo(kind, modalDeeds[form]);',
    becomes: 'const notAllowed = refusedTo("member", modalDeeds[form]);',
    test: 'tests/slack/permissions.test.ts',
    title: 'a public incident: externals, deactivated people, bots, and guests elsewhere',
  },
  {
    guard: 'commands and mentions ask for permission',
    file: 'src/slack/dispatch.ts',
    text: 'const refused = refusedTo(invocation.kind, deedOfWord(word, rest));',
    becomes: 'const refused = refusedTo("member", deedOfWord(word, rest));',
    test: 'tests/slack/permissions.test.ts',
    title: 'a public incident: externals, deactivated people, bots, and guests elsewhere',
  },
  {
    guard: 'shortcuts ask for permission',
    file: 'src/slack/shortcuts.ts',
    text: 'return refusedTo(kindOf(deps, actor), shortcutDeeds[id]);',
    becomes: 'return refusedTo("member", shortcutDeeds[id]) ?? (kindOf(deps, actor) && null);',
    test: 'tests/slack/permissions.test.ts',
    title: 'a public incident: externals, deactivated people, bots, and guests elsewhere',
  },
  {
    guard: 'private incidents are their members’ alone',
    file: 'src/incident/incident.ts',
    text: '!incident.isPrivate || incident.members.includes(user);',
    becomes: 'incident !== null && user !== null;',
    test: 'tests/slack/permissions.test.ts',
    title: 'a private incident: whoever is not in it changes nothing of it',
  },
  {
    guard: 'what Slack signs is compared',
    file: 'src/web/slack-signature.ts',
    text: 'expected.length === actual.length && timingSafeEqual(expected, actual);',
    becomes: 'expected.length === actual.length || timingSafeEqual(expected, actual);',
    test: 'tests/web/slack-signature.test.ts',
    title: 'no other body, time or signature passes',
  },
  {
    guard: 'the window is closed on both sides',
    file: 'src/web/slack-signature.ts',
    text: "if (ageMs < -slackTimeDriftMsMax) return { ok: false, why: 'future' };",
    becomes: '',
    test: 'tests/web/slack-signature.test.ts',
    title: '-301000 ms after its time',
  },
  {
    guard: 'a signature counts once',
    file: 'src/web/door.ts',
    text: "if (seen !== 'new') {",
    becomes: "if (seen === ('never' as string)) {",
    test: 'tests/web/door.test.ts',
    title: 'the same signed request sent again',
  },
  {
    guard: 'a cause counts once, also after a restart',
    file: 'src/store/sqlite-incidents.ts',
    text: "if (sql.seen.get(stamp.cause) !== undefined) return { outcome: 'seen', incident: current };",
    becomes: 'stamp.cause += String(performance.now());',
    test: 'tests/web/replay.test.ts',
    title: 'every kind of request, sent again',
  },
  {
    guard: 'PagerDuty is known again by the signed id of the event',
    file: 'src/pagerduty/webhook.ts',
    text: 'return inbox.triggered(news.alert, by, cause);',
    becomes: 'return inbox.triggered(news.alert, by, cause + String(performance.now()));',
    test: 'tests/flows/pagerduty.test.ts',
    title: 'PagerDuty repeats itself, even under another webhook id',
  },
  {
    guard: 'PagerDuty’s old news is kept apart',
    file: 'src/pagerduty/webhook.ts',
    text: 'if (youngest - event.at > eventAgeMsMax) {',
    becomes: 'if (youngest - event.at > 2 * eventAgeMsMax) {',
    test: 'tests/pagerduty/webhook.test.ts',
    title: 'an event of 176400001 ms ago goes to',
  },
  {
    guard: 'bodies share one room',
    file: 'src/web/body.ts',
    text: 'if (sum > bytesMax) evictLargest();',
    becomes: 'if (sum < 0) evictLargest();',
    test: 'tests/web/door-limits.test.ts',
    title: 'many bodies that grow together',
  },
  {
    guard: 'the outbox says what it begins before it calls',
    file: 'src/store/sqlite-outbox.ts',
    text: "`update outbox set state = 'unknown', not_before = sent_at + ? where state = 'sending' and lane = ?",
    becomes:
      "`update outbox set state = 'pending', not_before = sent_at + ? where state = 'sending' and lane = ?",
    test: 'tests/flows/crash.test.ts',
    title: 'killed between any two steps of declare',
  },
  {
    guard: 'a call in doubt is looked up before it is made again',
    file: 'src/outbox/perform.ts',
    text: 'const found = job.row.reconcile ?',
    becomes: 'const found = job.row.reconcile && job.row.id < 0 ?',
    test: 'tests/flows/crash.test.ts',
    title: 'killed between any two steps of declare',
  },
  {
    guard: 'a page is cancelled after the acknowledgement',
    file: 'src/incident/page-order.ts',
    text: 'return held === null || order.whileHeld === true || isAskedByName;',
    becomes: 'return held === null || held.at > 0 || isAskedByName;',
    test: 'tests/flows/faults.test.ts',
    title: 'a page claimed after somebody acknowledged is not sent',
  },
  {
    guard: 'what is due waits for no beat',
    file: 'src/beat.ts',
    text: 'const dueAt = nextDueAt();',
    becomes: 'const dueAt = nextDueAt() && null;',
    test: 'tests/steady-clock.test.ts',
    title: 'what is due between two beats is acted on then, once, and what is still due waits for the next',
  },
  {
    guard: 'what failed for good is told in the commit it dies in',
    file: 'src/store/sqlite-incidents.ts',
    text: 'if (stamp.settles) settle(',
    becomes: "if (stamp.settles?.state === 'done') settle(",
    test: 'tests/store/sqlite.test.ts',
    title: 'what failed for good is dead in the commit that tells of it',
  },
  {
    guard: 'one process has the data directory',
    file: 'src/store/lock.ts',
    text: "lock.exec('BEGIN EXCLUSIVE');",
    becomes: "lock.exec('BEGIN');",
    test: 'tests/store/sqlite.test.ts',
    title: 'a second opener of the directory is told who has it',
  },
  {
    guard: 'nothing is called before Retry-After is over',
    file: 'src/outbox/retry.ts',
    text: 'return Math.min(seconds * 1000, retryAfterMaxMs);',
    becomes: 'return Math.min(seconds * 100, retryAfterMaxMs);',
    test: 'tests/outbox/retry.test.ts',
    title: '',
  },
  {
    guard: 'foreign text is made literal',
    file: 'src/blocks/message.ts',
    text: "text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');",
    becomes: "text.replaceAll('&', '&amp;').replaceAll('>', '&gt;');",
    test: 'tests/blocks/limits.test.ts',
    title: 'card: within Slack’s limits and silent',
  },
  {
    guard: 'a cell is no formula',
    file: 'src/postmortem/timeline-csv.ts',
    text: 'const harmless = formula.test(text) ?',
    becomes: 'const harmless = formula.test(text) && text === "" ?',
    test: 'tests/postmortem/timeline-export.test.ts',
    title: 'whatever is written, a CSV export reads back as it was',
  },
  {
    guard: 'secrets are taken out of the log',
    file: 'src/config/hide-secrets.ts',
    text: 'rest.replaceAll(secret, hidden)',
    becomes: 'rest.replaceAll(secret, secret)',
    test: 'tests/config/hide-secrets.test.ts',
    title: '',
  },
];

/** What a copy needs to run one test. */
const parts = ['src', 'tests', 'migrations', 'docs', 'package.json', 'tsconfig.json', 'vitest.config.ts'];

function copy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-sabotage-'));
  for (const part of parts) cpSync(part, join(folder, part), { recursive: true });
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Whether its test passes in that folder. */
function passes(folder: string, { test, title }: Sabotage): boolean {
  const args = ['vitest', 'run', '--project', 'http', '--reporter=dot', test];
  // Titles are patterns there.
  const named = title === '' ? [] : [`--testNamePattern=${title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`];
  const { status, stdout } = spawnSync('npx', [...args, ...named], { cwd: folder, encoding: 'utf8' });
  // A title that nobody has any more is no test.
  const ran = /Tests\s.*\d+ (?:passed|failed)/.test(stdout.replace(/\u001b\[[0-9;]*m/g, ''));
  if (!ran) throw new Error(`${test} has no test "${title}"`);
  return status === 0;
}

function broken(folder: string, { file, text, becomes }: Sabotage): () => void {
  const path = join(folder, file);
  const whole = readFileSync(path, 'utf8');
  if (whole.split(text).length !== 2) throw new Error(`${file} has not exactly one "${text}"`);
  writeFileSync(
    path,
    whole.replace(text, () => becomes),
  );
  return () => writeFileSync(path, whole);
}

const words = process.argv.slice(2);
const chosen = sabotages.filter(
  ({ guard }) => words.length === 0 || words.some((word) => guard.includes(word)),
);
const folder = copy();
let green = 0;
try {
  for (const one of chosen) {
    const mend = broken(folder, one);
    const noticed = !passes(folder, one);
    mend();
    green += noticed ? 0 : 1;
    console.log(`${noticed ? 'red  ' : 'GREEN'} ${one.guard}: ${one.test}${one.title && `, "${one.title}"`}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${chosen.length} guards broken, ${chosen.length - green} noticed`);
process.exitCode = green === 0 ? 0 : 1;
