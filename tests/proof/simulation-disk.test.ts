import { simulated } from './simulated.ts';

simulated('disk', 'nothing is lost, doubled or out of order where the disk fails at any commit');
