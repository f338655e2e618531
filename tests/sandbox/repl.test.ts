import { spawnSync } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { inkFor } from '../../src/sandbox/ink.ts';
import { liveClock } from '../../src/sandbox/live-clock.ts';
import { promptOf } from '../../src/sandbox/prompt.ts';
import { startWorld } from '../../src/sandbox/start.ts';
import { readLine } from '../../src/sandbox/typed-line.ts';

test.each([
  [
    'ana: /incident declare sev1 Checkout is down',
    { do: 'command', who: 'ana', line: '/incident declare sev1 Checkout is down' },
  ],
  ['ana> /incident', { do: 'command', who: 'ana', line: '/incident' }],
  ['ana /incident help', { do: 'command', who: 'ana', line: '/incident help' }],
  ['bea click Accept', { do: 'click', who: 'bea', label: 'Accept', where: null }],
  ['+15m', { do: 'pass', duration: '15m' }],
  ['ana> hello', { do: 'say', who: 'ana', text: 'hello' }],
  ['ana says it is: down', { do: 'say', who: 'ana', text: 'it is: down' }],
  ['bea clicks Acknowledge', { do: 'click', who: 'bea', label: 'Acknowledge', where: null }],
  ['bea clicks [Still on it] in dm', { do: 'click', who: 'bea', label: 'Still on it', where: 'dm' }],
  ['bea goes to #inc-', { do: 'go', who: 'bea', channel: '#inc-' }],
  [
    'ana submits Title=a = b; Private=yes',
    { do: 'fill', who: 'ana', entries: { Title: 'a = b', Private: true } },
  ],
  [
    'pagerduty triggers payments "CPU on fire"',
    { do: 'trigger', service: 'payments', title: 'CPU on fire', urgency: 'high' },
  ],
  ['pagerduty triggers low auth slow', { do: 'trigger', service: 'auth', title: 'slow', urgency: 'low' }],
  ['pagerduty resolves', { do: 'resolve', which: '' }],
  ['show #incidents', { do: 'show', channel: '#incidents' }],
  ['dm bea', { do: 'dm', who: 'bea', channel: 'dm' }],
  ['pass 5m', { do: 'pass', duration: '5m' }],
  ['quit', { do: 'quit' }],
  ['', { do: 'nothing' }],
  ['make it so', { do: 'not-understood' }],
])('the prompt understands: %s', (line, typed) => {
  expect(readLine(line)).toEqual(typed);
});

async function atThePrompt() {
  const world = await startWorld({ at: '2026-03-02T02:00Z' });
  onTestFinished(() => world.stop());
  const printed: string[] = [];
  const prompt = promptOf(world, ['ana', 'bea', 'cai'], inkFor(false, {}, true), (line) =>
    printed.push(line),
  );
  return async (line: string) => {
    printed.length = 0;
    const goesOn = await prompt.obey(line);
    return goesOn ? printed.join('\n') : 'gone';
  };
}

test('whoever is in a channel stays there when it gets another name', async () => {
  const type = await atThePrompt();
  await type('ana: /incident declare sev2 Checkout is down');
  await type('ana goes to inc-');
  await type('ana: /incident rename Card payments fail');
  expect(await type('ana: /incident show')).toContain('Card payments fail');
});

test('at the prompt an incident can be declared, escalated, taken and talked about', async () => {
  const type = await atThePrompt();
  const declared = await type('ana: /incident declare sev1 Checkout is down');
  expect(declared).toContain('only Ana sees\n  ┆ INC-1 is declared (SEV1).');
  expect(declared).toContain('#inc-20260302-1-checkout-is-down\n  │ 02:00 — Tocsin joined');
  expect(declared).toContain("Bea's phone");
  expect(await type('pass 5m')).toContain(
    "Cai's phone (direct message)\n  │ 02:05 Tocsin: SEV1 · Checkout is down",
  );
  expect(await type('cai clicks Acknowledge in dm')).toContain('cai has it');
  await type('cai goes to #inc-');
  expect(await type('cai says rolling back')).toContain('│ 02:05 cai: rolling back');
  expect(await type('cai clicks Update')).toContain("Cai's form\n  ┆ ## Update INC-1");
  expect(await type('cai submits What is happening?=it burns')).toContain('What is happening: it burns');
  expect(await type('list')).toContain('#incidents');
  expect(await type('pagerduty triggers payments "CPU on fire"')).toContain('CPU on fire · INC-2');
  expect(await type('quit')).toBe('gone');
});

test('a slip of the finger at the prompt is told and changes nothing', async () => {
  const type = await atThePrompt();
  expect(await type('bob says hello')).toBe('There is nobody called bob; there are ana, bea, cai');
  expect(await type('bea clicks Acknowledge')).toContain('bea sees no [Acknowledge]');
  expect(await type('pass soon')).toBe('soon is no duration: write 30s, 5m, 2h or 1d');
  expect(await type('show #nowhere')).toContain('There is no channel #nowhere');
  expect(await type('pagerduty resolves')).toBe('PagerDuty has no such alert; there are none');
  expect(await type('make it so')).toContain('Not understood.');
});

test('npm run sandbox reads its lines from a pipe and ends with it', { timeout: 240_000 }, () => {
  const input = 'ana: /incident declare sev1 Checkout is down\npass 5m\ncai clicks Acknowledge in dm\n';
  const node = ['--import', 'tsx', 'src/sandbox/main.ts', '--plain'];
  const { status, stdout, stderr } = spawnSync(process.execPath, node, {
    encoding: 'utf8',
    input,
    timeout: 240_000,
  });
  expect(stderr).toBe('');
  expect(stdout).toContain('> ana: /incident declare sev1 Checkout is down\n');
  expect(stdout).toContain('INC-1 is declared (SEV1).');
  expect(stdout).toContain('cai has it');
  expect(status).toBe(0);
});

test('the live clock follows real time and can be moved ahead: sleepers wake either way', async () => {
  let real = 1_000;
  const clock = liveClock(() => real);
  const woken: string[] = [];
  const asleep = [
    clock.sleepUntil(61_000).then(() => woken.push('minute')),
    clock.sleepUntil(3_601_000).then(() => woken.push('hour')),
  ];
  expect(clock.nextWakeAt()).toBe(61_000);
  clock.set(61_000);
  await asleep[0];
  expect(woken).toEqual(['minute']);
  real += 500;
  expect(clock.now()).toBe(61_500);
  clock.set(60_000);
  expect(clock.now()).toBe(61_500);
  clock.set(3_601_000);
  await asleep[1];
  expect(woken).toEqual(['minute', 'hour']);
});

test('a sleep on the live clock ends at once when it is called off', async () => {
  const clock = liveClock(() => 0);
  const off = new AbortController();
  const sleep = clock.sleepUntil(1_000_000, off.signal);
  off.abort();
  await sleep;
  expect(clock.nextWakeAt()).toBeNull();
});
