import { availableParallelism, loadavg } from 'node:os';

/** What waits for a processor, of the last minute: a figure of time is worth less the more it is. */
export const loadPerProcessor = (): string => ((loadavg()[0] ?? 0) / availableParallelism()).toFixed(1);
