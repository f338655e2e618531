import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { test } from 'vitest';
import { environmentOf, folder, run, slackNow, until } from '../support/process.ts';
import { profile } from './profile.ts';
import { proved } from './proved.ts';

const mb = 1024 * 1024;
/** Connections of each kind. */
const each = 40;
/** Longer than any of them may last: ten seconds for a whole request, and a second in which they are looked for. */
const overMs = 14_000;
const dripEveryMs = 250;
const sampleEveryMs = 50;

/** What the process holds in memory, bytes. */
const rssOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;

const chunk = Buffer.concat([Buffer.from('4000\r\n'), Buffer.alloc(0x4000, 'a'), Buffer.from('\r\n')]);
const post = (path: string, header: string): string => `POST ${path} HTTP/1.1\r\nHost: x\r\n${header}`;

/** First words, and what follows four times a second: a header that never ends, a body that never comes, one that never ends, in large pieces and in tiny ones. */
const kinds: readonly { start: (path: string) => string; more: Buffer | null }[] = [
  { start: (path) => post(path, 'X-A: '), more: Buffer.from('a') },
  { start: (path) => post(path, ''), more: Buffer.from('X-B: c\r\n') },
  { start: (path) => post(path, 'Content-Length: 100000\r\n\r\n'), more: Buffer.from('a') },
  { start: (path) => post(path, 'Transfer-Encoding: chunked\r\n\r\n'), more: chunk },
  {
    start: (path) => post(path, 'Transfer-Encoding: chunked\r\n\r\n'),
    more: Buffer.from('1\r\na\r\n'.repeat(200)),
  },
  { start: () => '', more: null },
];

function attacker(port: number, { start, more }: (typeof kinds)[number], path: string): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.on('data', () => undefined);
  socket.write(start(path));
  const drip = setInterval(() => {
    if (more && !socket.destroyed && socket.writableLength < mb) socket.write(more);
  }, dripEveryMs);
  socket.on('close', () => clearInterval(drip));
  return socket;
}

/** Bodies that are read whole and refused, before anything is measured. */
const ordinary = 400;
const atOnce = 20;
const wholeBody = '{'.repeat(100 * 1024);

const refusedBody = async (port: number): Promise<void> => {
  const answer = await fetch(`http://127.0.0.1:${port}/slack/events`, { method: 'POST', body: wholeBody });
  await answer.text();
};

const paths = ['/slack/events', '/webhooks/pagerduty'];

test.skipIf(process.platform !== 'linux' && profile.name === 'short')(
  'slow and endless requests cost no memory, and no genuine one waits',
  async () => {
    const slack = await slackNow();
    const tocsin = run(environmentOf(slack, folder()));
    const port = await tocsin.listening;
    const pid = tocsin.child.pid ?? 0;
    const alive = async (): Promise<number> => {
      const at = performance.now();
      await fetch(`http://127.0.0.1:${port}/livez`).then((answer) => answer.text());
      return performance.now() - at;
    };
    // What any traffic costs comes first: the heap of a young process grows with whatever it does.
    for (let n = 0; n < ordinary; n += atOnce) {
      await Promise.all(Array.from({ length: atOnce }, () => refusedBody(port)));
      await alive();
    }
    const before = rssOf(pid);
    const sockets = kinds.flatMap((kind) =>
      Array.from({ length: each }, (_, n) => attacker(port, kind, paths[n % 2] ?? '')),
    );
    let most = before;
    let slowest = 0;
    const endAt = performance.now() + overMs;
    while (performance.now() < endAt) {
      slowest = Math.max(slowest, await alive());
      most = Math.max(most, rssOf(pid));
      await new Promise((resolve) => setTimeout(resolve, sampleEveryMs));
    }
    const silent = sockets.slice(-each);
    const left = sockets.filter((one) => !one.destroyed && !silent.includes(one)).length;
    for (const one of sockets) one.destroy();
    await until('it still answers', async () => (await alive()) > 0);
    const grown = (most - before) / mb;
    proved({
      goal: 8,
      tried: `${sockets.length} connections at once that drip headers, drip bodies, send without end, or say nothing`,
      seen: `memory grew by ${grown.toFixed(1)} MB, ${left} lasted, the slowest genuine answer took ${Math.round(slowest)} ms`,
      bar: 'under 20 MB, 0 last longer than 14 s, under 3,000 ms',
      holds: left === 0,
      inTime: grown < 20 && slowest < 3_000,
    });
  },
);
