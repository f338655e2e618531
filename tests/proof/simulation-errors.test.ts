import { simulated } from './simulated.ts';

simulated(
  'errors',
  'whenever it is killed while Slack and PagerDuty refuse, fail and fall silent, nothing is lost, doubled or out of order',
);
