import { expect, test } from 'vitest';
import {
  findChannel,
  findPost,
  lookBackMs,
  metadataOf,
  metadataType,
  slackTime,
} from '../../src/outbox/reconcile.ts';

const ours = (ref: string, ts: string) => ({ ts, text: 'x', metadata: metadataOf(ref, 'd') });

test('a post is found by its reference among posts of people, of other bots, and our own others', () => {
  const history = [
    { ts: '1.1' },
    { ts: '1.2', metadata: {} },
    { ts: '1.3', metadata: { event_type: 'deploy_bot', event_payload: { ref: 'r-7' } } },
    { ts: '1.4', metadata: { event_type: metadataType } },
    { ts: '1.5', metadata: { event_type: metadataType, event_payload: [] } },
    { ts: '1.6', metadata: { event_type: metadataType, event_payload: { ref: 7, other: 'r-7' } } },
    ours('r-6', '1.7'),
    ours('r-77', '1.8'),
    ours('r-7', '1.9'),
  ];
  expect(findPost(history, 'r-7')).toBe('1.9');
  expect(findPost(history.slice(0, -1), 'r-7')).toBeNull();
  expect(findPost([], 'r-7')).toBeNull();
});

test('a post that only quotes our reference is not ours', () => {
  expect(findPost([{ ts: '1.1', text: 'r-7' } as { ts: string }], 'r-7')).toBeNull();
});

test('the mark on a post carries the reference and nothing that could tell what the incident is about', () => {
  expect(metadataOf('r-7', 'd-1')).toEqual({
    event_type: 'tocsin',
    event_payload: { ref: 'r-7', deed: 'd-1' },
  });
});

test('a channel is ours when both its name and its creator are', () => {
  const channels = [
    { id: 'C1', name: 'inc-1', creator: 'U0ANA' },
    { id: 'C2', name: 'inc-11', creator: 'UBOT' },
    { id: 'C3', name: 'inc-1' },
    { name: 'inc-2', creator: 'UBOT' },
    { id: 'C4', name: 'inc-1', creator: 'UBOT' },
  ];
  expect(findChannel(channels, 'inc-1', 'UBOT')).toBe('C4');
  expect(findChannel(channels.slice(0, -1), 'inc-1', 'UBOT')).toBeNull();
  expect(findChannel(channels, 'inc-2', 'UBOT')).toBeNull();
  expect(findChannel([], 'inc-1', 'UBOT')).toBeNull();
});

test('a time is said to Slack in seconds with six decimals, and nothing of it is lost', () => {
  expect(slackTime(Date.UTC(2026, 2, 2, 2, 0))).toBe('1772416800.000000');
  expect(slackTime(1_772_416_800_007)).toBe('1772416800.007000');
  expect(slackTime(0)).toBe('0.000000');
  expect(Math.round(Number(slackTime(1_772_416_800_999)) * 1000)).toBe(1_772_416_800_999);
});

test('a look goes back further than clocks disagree', () => {
  expect(lookBackMs).toBeGreaterThanOrEqual(5 * 60_000);
});
