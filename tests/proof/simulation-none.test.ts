import { simulated } from './simulated.ts';

simulated('none', 'whenever it is killed, nothing is lost, doubled or out of order');
