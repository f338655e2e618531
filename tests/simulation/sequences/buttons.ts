import { signature } from '../../../src/sandbox/envelope.ts';
import { blockActions } from '../../../src/sandbox/payloads.ts';
import type { World } from '../../../src/sandbox/start.ts';
import type { Button, Who } from './steps.ts';

/**
 * Presses a button that stood in a message about incident `id` once, whatever has become of that since: an old card on
 * a phone. The same delivery comes twice. Returns what was not answered with 200, in words.
 */
export async function pressOld(world: World, who: Who, button: Button, id: number): Promise<string[]> {
  const { workspace, signingSecret } = world.slack;
  const user = workspace.users.get(world.slack.userId(who));
  const channel = [...workspace.channels.values()].find(({ name }) => name === 'general');
  const message = channel?.messages[0];
  if (!user || !channel || !message) throw new Error('nobody can press a button here');
  const action = { type: 'button', action_id: button, block_id: 'old', value: String(id) };
  const payload = blockActions(workspace, user, { kind: 'message', channel, message }, action);
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const problems: string[] = [];
  for (const time of ['first', 'second']) {
    const response = await fetch(`http://127.0.0.1:${world.port}/slack/events`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...signature(world.clock, signingSecret, body),
      },
      body,
    });
    if (response.status !== 200) problems.push(`${button}, the ${time} time: answered ${response.status}`);
    await world.settle();
  }
  return problems;
}
