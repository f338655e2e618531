import { simulated } from './simulated.ts';

simulated(
  'outage',
  'whenever it is killed while Slack is half or wholly gone, nothing is lost, doubled or out of order',
);
