import { simulated } from './simulated.ts';

simulated(
  'late',
  'whenever it is killed while answers are lost and calls are applied late, nothing is lost, and a page at most rings twice',
);
