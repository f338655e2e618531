import { pressOld } from './buttons.ts';
import { type About, idOf, type Stage } from './stage.ts';
import type { Step } from './steps.ts';

/** What nobody does by a command about an incident. */
type Aside =
  | 'at once'
  | 'alert priority'
  | 'alert acknowledged'
  | 'alert resolved'
  | 'write'
  | 'edit'
  | 'delete';

/** The step as people take it: in words, by a button, in a form. Returns what they read. */
export async function command(
  stage: Stage,
  step: Exclude<About, { does: Aside }>,
  id: number,
  sees: boolean,
): Promise<string> {
  const { world } = stage;
  const who = world.slack.as(step.who);
  const say = (words: string) => who.command(`/incident INC-${id} ${words}`, { in: 'general' });
  switch (step.does) {
    case 'severity':
      return say(`sev ${step.to} because`);
    case 'acknowledge':
      return say('ack');
    case 'give back':
      return say('unack');
    case 'make private':
      return say('private yes');
    case 'role':
      return say(`role ${step.role} ${step.whom === 'nobody' ? 'nobody' : `@${step.whom}`}`);
    case 'status':
      return say(`status ${step.to}`);
    case 'resolve':
      return say('resolve rollback');
    case 'cancel':
      return say('cancel false alarm');
    case 'close':
      return say('close because it is over');
    case 'reopen':
      return say('reopen');
    case 'merge':
      return merge(stage, step, id);
    case 'press':
      stage.wrong.push(...(await pressOld(world, step.who, step.button, id)));
      return '';
    case 'note':
    case 'add a follow-up':
    case 'finish a follow-up':
      return keep(stage, step, id, sees);
  }
}

async function merge(stage: Stage, step: Extract<Step, { does: 'merge' }>, id: number): Promise<string> {
  const who = stage.world.slack.as(step.who);
  const into = idOf(stage, step.into);
  const read = await who.command(`/incident INC-${id} merge INC-${into}`, { in: 'general' });
  await stage.world.settle();
  if (who.modal() !== null) await who.submit();
  return read;
}

/** Notes and follow-ups: what was taken must be in the timelines once, under the name of whoever gave it. */
async function keep(
  stage: Stage,
  { does, who }: Extract<Step, { does: 'note' | 'add a follow-up' | 'finish a follow-up' }>,
  id: number,
  sees: boolean,
): Promise<string> {
  const { world, given, plain } = stage;
  const say = (words: string) =>
    world.slack.as(who).command(`/incident INC-${id} ${words}`, { in: 'general' });
  if (does === 'finish a follow-up') {
    const open = world.store.incident(id)?.followups?.find(({ doneAt }) => doneAt === null);
    return open ? say(`followup done ${open.n}`) : '';
  }
  const text = `matter ${stage.count}`;
  const isOver = ['canceled', 'merged'].includes(plain.get(id)!.status);
  const type = does === 'note' ? 'note-added' : 'followup-added';
  if (sees && !(isOver && type === 'followup-added')) given.push({ type, text, by: who });
  return say(does === 'note' ? `note ${text}` : `followup add ${text}`);
}
