import { expect, test } from 'vitest';
import { recall } from '../../src/store/recall.ts';
import { declared } from '../support/incident.ts';

const { incident } = declared();
const rowOf = (id: number, title: string) => ({ id, state: JSON.stringify({ ...incident, id, title }) });

test('the same words in a row are understood once, other words anew, whoever wrote them', () => {
  const { readOne } = recall({ of: () => undefined });
  const first = readOne(rowOf(1, 'Checkout is down'));
  expect(readOne(rowOf(1, 'Checkout is down'))).toBe(first);
  expect(readOne(rowOf(1, 'Checkout is up'))?.title).toBe('Checkout is up');
  expect(readOne(rowOf(1, 'Checkout is down'))).toEqual(first);
  expect(readOne(undefined)).toBeNull();
});

test('what was being written and never came to stand there is not believed', () => {
  const { keep, readOne } = recall({ of: () => undefined });
  const row = rowOf(1, 'Checkout is down');
  keep(rowOf(1, 'Rolled back'), { ...incident, id: 1, title: 'Rolled back' });
  expect(readOne(row)?.title).toBe('Checkout is down');
});

test('those asked for last are kept, the others make room', () => {
  const { readOne } = recall({ of: () => undefined });
  const long = 'x'.repeat(1024 ** 2);
  const first = readOne(rowOf(1, long));
  for (let id = 2; id <= 9; id += 1) readOne(rowOf(id, long));
  const ninth = readOne(rowOf(9, long));
  expect(readOne(rowOf(9, long))).toBe(ninth);
  expect(readOne(rowOf(1, long))).not.toBe(first);
});
