import type { World } from '../../src/sandbox/start.ts';
import { start } from './world.ts';

/** Bea until Monday 09:00, then Cai, then Dana; whoever follows is secondary. Ana is in no rotation. */
const oneTeam = `
teams:
  payments: { onCall: { startsOn: '2026-02-23', primary: [U0BEA, U0CAI, U0DANA] } }
catchAllTeam: payments
services: { payments: { team: payments } }
`;

/** A world of one team, at night: Monday 2 March 2026, 02:00 UTC. */
export async function oneRotation(options: Parameters<typeof start>[0] = {}) {
  const world = await start({ incidentFile: oneTeam, ...options });
  const person = (handle: string) => world.slack.as(handle);
  async function says(handle: string, line: string): Promise<string> {
    const answer = await person(handle).command(line, { in: 'general' });
    await world.settle();
    return answer;
  }
  async function presses(handle: string, label: string): Promise<void> {
    await person(handle).click(label, { in: 'dm' });
    await world.settle();
  }
  return { world, person, says, presses };
}

/** Who was paged for the incident “Checkout is down”. */
export const paged = (world: World): string[] =>
  ['ana', 'bea', 'cai', 'dana', 'eve'].filter((handle) =>
    world.slack.as(handle).dm().includes('Checkout is down'),
  );
