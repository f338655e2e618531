import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/support/longest-first.ts';

/** Those about sockets are about nothing else; the others kill bots or flood them with alerts, and take a minute each. */
const apartFromTransport = [
  ...['socket', 'socket-traps', 'kill', 'crash', 'merge-crash', 'storm'],
  // What these are about comes from the clock or from PagerDuty, and goes out the same way over both.
  ...['pagerduty*', 'oncall-pagerduty', 'paging-apart', 'escalation-*', 'nudge-*', 'machine-clock'],
  // A disk knows nothing of it.
  ...['storage', 'restore', 'surprise'],
].map((flow) => `tests/flows/${flow}.test.ts`);

/** Proofs that read a clock on the wall. Times count in the full profile alone: there each has the machine to itself. */
const timed = ['kills', 'page-first', 'races', 'slow', 'stopped', 'storage', 'storm', 'watch'].map(
  (name) => `tests/proof/${name}.test.ts`,
);
const isFull = process.env.PROOF_PROFILE === 'full';
/** Hours, or minutes, and not seconds. */
const ofProofs = { isolate: isFull, testTimeout: 10_800_000 };

/** `npm run proof` alone runs these. */
const proofs = [
  {
    extends: true as const,
    test: {
      ...{ ...ofProofs, name: 'proof-timed', include: isFull ? timed : [] },
      ...{ fileParallelism: false, sequence: { groupOrder: 2 } },
    },
  },
  {
    extends: true as const,
    test: {
      ...{ ...ofProofs, name: 'proof', include: ['tests/proof/*.test.ts'], exclude: isFull ? timed : [] },
      sequence: { groupOrder: 3 },
    },
  },
];

export default defineConfig({
  test: {
    // Nothing of ours keeps a state of its own, so the files of one worker share what they import.
    isolate: false,
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
    setupFiles: ['tests/support/seed.ts', 'tests/support/after-each-file.ts'],
    // Bounds for what never comes: a busy machine is slow, not wrong.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'http',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/browser/**', 'tests/proof/**'],
        },
      },
      {
        // The flows once more, with Slack's words coming through a socket.
        extends: true,
        test: {
          name: 'socket',
          include: ['tests/flows/*.test.ts'],
          exclude: [...apartFromTransport],
          env: { TOCSIN_TRANSPORT: 'socket' },
        },
      },
      ...(process.env.PROOF_PROFILE ? proofs : []),
      {
        // A browser takes all that a small machine has: one file after the other, when the others are done.
        extends: true,
        test: {
          name: 'browser',
          include: ['tests/browser/*.test.ts'],
          globalSetup: 'tests/browser/setup.ts',
          fileParallelism: false,
          // Each file has a browser of its own, which is closed when it ends.
          isolate: true,
          sequence: { groupOrder: 1 },
          testTimeout: 180_000,
        },
      },
    ],
  },
});
