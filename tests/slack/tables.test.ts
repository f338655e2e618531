import { expect, test } from 'vitest';
import { commandWords } from '../../src/blocks/help.ts';
import { subcommands } from '../../src/slack/tables.ts';

test('suggestions name exactly the commands there are', () => {
  const words = Object.keys(subcommands).filter((word) => word !== '');
  expect([...commandWords].sort()).toEqual(words.sort());
});
