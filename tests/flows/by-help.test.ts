import { expect, test } from 'vitest';
import { commandWords, didYouMean, help } from '../../src/blocks/help.ts';
import type { World } from '../../src/sandbox/start.ts';
import { subcommands } from '../../src/slack/tables.ts';
import { screenAt } from '../blocks/screen.ts';
import { start } from '../support/world.ts';

/** What a colleague types who has read nothing but help: `INC-12` there is the incident they mean. */
interface Step {
  /** As help shows it, or, with `shown: false`, as the words beside an example say it. */
  typed: string;
  who?: string;
  in: string;
  /** The same with the number that this world gave. */
  as?: string;
  shown?: false;
  /** The form that opens, filled in so. */
  form?: Record<string, string | boolean>;
  /** What the answer, or the form, says. */
  says: RegExp;
}

const one = 'inc-20260302-1';
const two = 'inc-20260302-2';

/** INC-1 is a test, INC-2 the incident, INC-3 a false alarm that turns out to be part of INC-2. */
const steps: Step[] = [
  { typed: 'declare --test sev1 Trying it out', in: 'general', says: /INC-1 is declared as a test \(SEV1\)/ },
  { typed: 'cancel false alarm', in: one, says: /INC-1 is canceled/ },
  { typed: 'declare sev2 Checkout is down', in: 'general', says: /INC-2 is declared \(SEV2\)/ },
  { typed: 'list', in: 'general', says: /Checkout is down/ },
  { typed: 'oncall payments', in: 'general', says: /Primary: bea/ },
  { typed: 'oncall cover 2h', who: 'bea', in: 'general', says: /Asked for cover: primary for payments/ },
  { typed: 'ack', who: 'bea', in: two, says: /You have INC-2/ },
  { typed: 'unack', who: 'bea', in: two, says: /given back/ },
  { typed: 'escalate', in: two, form: {}, says: /Escalate INC-2/ },
  { typed: 'escalate @dana database', in: two, form: {}, shown: false, says: /Page dana/ },
  { typed: 'role commander me', in: two, says: /You are Commander of INC-2/ },
  { typed: 'update', in: two, form: { 'What is happening?': 'Cards fail' }, says: /Update INC-2/ },
  { typed: 'status identified', in: two, says: /INC-2 is identified now/ },
  { typed: 'sev 1 all users', in: two, says: /INC-2 is SEV1 now/ },
  { typed: 'roles', in: two, says: /Commander: ana/ },
  { typed: 'handoff commander @bea', in: two, says: /bea is asked by direct message/ },
  { typed: 'nudges', in: two, says: /What comes next by itself/ },
  { typed: 'INC-12 ack', as: 'INC-2 ack', who: 'bea', in: 'general', shown: false, says: /You have INC-2/ },
  { typed: 'pause for 2h waiting for the vendor', in: two, says: /Paused until/ },
  { typed: 'resume', in: two, shown: false, says: /INC-2 goes on/ },
  { typed: 'note -15m rolled back', in: two, says: /Noted in the timeline/ },
  { typed: 'call https://meet.example.com/42', in: two, says: /The call of INC-2 is/ },
  { typed: 'runbook payments', in: two, says: /Runbook of payments/ },
  { typed: 'rename Card payments fail', in: two, says: /INC-2 is “Card payments fail” now/ },
  { typed: 'private', in: two, says: /Make INC-2 private\?/ },
  { typed: 'timeline 20', in: two, says: /Timeline of INC-2/ },
  { typed: 'timeline export csv', in: two, says: /The file is on its way to you/ },
  { typed: 'show INC-12', as: 'show INC-2', in: 'general', shown: false, says: /Card payments fail/ },
  { typed: 'declare sev3 Refunds hang', in: 'general', shown: false, says: /INC-3 is declared/ },
  { typed: 'merge INC-12', as: 'merge INC-2', in: 'inc-20260302-3', form: {}, says: /INC-2 goes on/ },
  { typed: 'undo', in: 'inc-20260302-3', shown: false, says: /INC-3 is open again/ },
  { typed: 'resolve rollback', in: two, says: /INC-2 is resolved/ },
  { typed: 'reopen', in: two, says: /INC-2 is open again/ },
  { typed: 'resolve rollback', in: two, shown: false, says: /INC-2 is resolved/ },
  { typed: 'followup add limit the retries @bea by friday', in: two, says: /For bea, due/ },
  { typed: 'followup done 1', in: two, shown: false, says: /Follow-up 1 of INC-2 is done/ },
  { typed: 'postmortem edit impact', in: two, form: {}, says: /Postmortem of INC-2/ },
  { typed: 'postmortem owner @bea', in: two, says: /bea owns the postmortem of INC-2/ },
  {
    typed: 'close',
    in: two,
    form: { 'Not everything holds? Why close it anyway': 'it was small' },
    says: /Close INC-2/,
  },
  {
    typed: 'oncall override @bea 2h',
    as: 'oncall override @dana 2h',
    in: 'general',
    shown: false,
    says: /dana is primary for payments, .* instead of bea/,
  },
  { typed: 'oncall covers', as: 'oncall covers', in: 'general', shown: false, says: /dana is primary for/ },
  { typed: 'oncall test', as: 'oncall test', in: 'general', shown: false, says: /A test page is on its way/ },
  { typed: 'doctor', in: 'general', shown: false, says: /All is well/ },
];

/** Refusals, words of the code, words run together: nothing of it belongs on a screen. */
const ugly =
  /I do not know|undefined|\bnull\b|NaN|\[object|U0[A-Z]{3}|(?<!\.)\.\.(?!\.)|\. ·|: because|\S {2,}\S|\S +$/m;

/** Without the indentation of the transcript. */
const flush = (text: string): string => text.replace(/^ +/gm, '');

async function take(world: World, step: Step): Promise<string> {
  const person = world.slack.as(step.who ?? 'ana');
  await person.command(`/incident ${step.as ?? step.typed}`, { in: step.in });
  await world.settle();
  const read = step.form ? (person.modal() ?? '(no form)') : person.reads();
  if (step.form) await person.submit(step.form);
  await world.pass('10s');
  return flush(read);
}

test('a colleague who reads only /incident help can run an incident to its end', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const read = await world.slack.as('ana').command('/incident help', { in: 'general' });
  const shown = [...read.matchAll(/^• \/incident (.+?): /gm)].map(([, typed]) => typed);
  const expected = steps.filter((step) => step.shown !== false).map(({ typed }) => typed);
  expect(new Set(shown)).toEqual(new Set(expected));
  for (const { typed } of steps.filter((step) => step.shown === false && step.as))
    expect(read).toContain(typed);
  for (const step of steps) {
    const answer = await take(world, step);
    expect(answer, step.typed).toMatch(step.says);
    expect(answer, step.typed).not.toMatch(ugly);
    expect(answer, step.typed).not.toContain('Nothing changed');
  }
  expect(world.store.incident(2)?.status).toBe('closed');
  for (const name of world.slack.channels()) {
    expect(flush(world.slack.channel(name).transcript()), name).not.toMatch(ugly);
  }
  for (const handle of ['ana', 'bea', 'cai', 'dana']) {
    expect(flush(world.slack.as(handle).dm()), handle).not.toMatch(ugly);
  }
});

/** The first words of what help writes as a command. */
function commandsIn(words: unknown): string[] {
  if (Array.isArray(words)) return words.flatMap(commandsIn);
  if (typeof words !== 'object' || words === null) return [];
  const { text, style } = words as { text?: unknown; style?: { code?: boolean } };
  if (style?.code && typeof text === 'string')
    return [text.replace(/^\/incident /, '').replace(/^INC-\d+ /, '')];
  return Object.values(words).flatMap(commandsIn);
}

test('help shows every command there is as something to type, and a slip of the finger leads to help', () => {
  const screen = screenAt('02:00');
  const shown = new Set(commandsIn(help(screen).blocks).map((line) => line.split(' ')[0]));
  const missing = Object.keys(subcommands).filter(
    (word) => word !== '' && word !== 'help' && !shown.has(word),
  );
  expect(missing).toEqual([]);
  expect(didYouMean('qwertz', screen).text).toContain('/incident help');
  for (const word of commandWords) expect(didYouMean(word, screen).text).toContain(`/incident ${word}`);
});

test('what the refusal of `close` proposes is not said twice when it is typed as shown', async () => {
  const world = await start({ at: '2026-03-02T10:00Z' });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare sev3 Mail is late', { in: 'general' });
  await world.settle();
  await ana.command('/incident resolve rollback', { in: 'inc-' });
  await ana.command('/incident close because it was small', { in: 'inc-' });
  await world.pass('10s');
  expect(world.store.incident(1)?.status).toBe('closed');
  expect(world.slack.channel('inc-').transcript()).toContain('Closed anyway because: it was small');
});
