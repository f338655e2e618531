import { availableParallelism, loadavg } from 'node:os';

/** From so many processes for each processor on, it is the machine that is late, and a figure says little of the bot. */
const waitingMax = 2;

/** How busy this machine was in the last minute. */
export function machineLoad(): { perProcessor: string; isBusy: boolean } {
  const load = loadavg()[0]! / availableParallelism();
  return { perProcessor: load.toFixed(1), isBusy: load > waitingMax };
}
