import { afterAll } from 'vitest';
import { endAll } from './endings.ts';

// A setup file, which runs for every test file: whatever else is imported by several of them runs for the first alone.
afterAll(endAll);
