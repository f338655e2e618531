import { after, alerted, isOpen } from './reference.ts';
import { type Stage, titleOf } from './stage.ts';
import type { Step } from './steps.ts';

/** Machines may open so many rooms within ten minutes; beyond that there is a storm, which has tests of its own. */
const alertsMax = 4;

/** PagerDuty raises one, while there is room for it. */
export async function alert(stage: Stage, priority: number): Promise<void> {
  const { world, plain, tickets } = stage;
  const title = titleOf(stage);
  if (title === undefined || tickets.size >= alertsMax) return;
  const id = plain.size + 1;
  // Each of a service of its own: none belongs to another.
  const service = { id: `PSVC${id}`, summary: title };
  const ticket = await world.pagerduty.trigger({ title, service, priority: `P${priority}` });
  tickets.set(id, { ticket, state: 'triggered' });
  plain.set(id, alerted(title, priority as 1 | 2 | 3 | 4));
}

/** Somebody does something about an alert in PagerDuty. */
export async function byPagerDuty(
  stage: Stage,
  step: Extract<Step, { does: 'alert priority' | 'alert acknowledged' | 'alert resolved' }>,
  id: number,
): Promise<void> {
  const { world, plain, tickets } = stage;
  const one = tickets.get(id);
  if (!one || one.state === 'resolved') return;
  if (step.does === 'alert acknowledged' && one.state === 'acknowledged') return;
  // Its news are for whichever incident goes on with it.
  const at = goingOnIn(plain, id);
  const incident = plain.get(at)!;
  // An alert that becomes worse than its incident was at its end opens another one, and has tests of its own.
  if (step.does === 'alert priority' && !isOpen(incident)) return;
  if (step.does === 'alert priority') await world.pagerduty.priority(one.ticket, `P${step.to}`);
  if (step.does === 'alert acknowledged') await world.pagerduty.acknowledge(one.ticket, { by: 'olga' });
  if (step.does === 'alert resolved') await world.pagerduty.resolve(one.ticket);
  if (step.does !== 'alert priority')
    one.state = step.does === 'alert resolved' ? 'resolved' : 'acknowledged';
  const there = [...tickets.keys()].filter((other) => goingOnIn(plain, other) === at);
  plain.set(at, after(incident, step, { isOnlyAlert: there.length === 1 }));
}

/** The incident itself, or what it was merged into. */
function goingOnIn(plain: Stage['plain'], id: number): number {
  const into = plain.get(id)?.mergedInto;
  return into ? goingOnIn(plain, into) : id;
}
