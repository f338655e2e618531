import { blockErrors } from './blockkit.ts';
import type { Delivery } from './delivery.ts';
import { optionsOf } from './form.ts';
import type { Sent } from './http.ts';
import type { Json } from './json.ts';
import { isObject, objectsAt, parseJson, textAt } from './json.ts';
import { showEphemeral } from './methods/chat.ts';
import { checkedView, closeAll, closeTop, pushView, topModal, updateView } from './methods/views.ts';
import type { Place } from './payloads.ts';
import { blockActions, blockSuggestion, commandFields, viewSubmission } from './payloads.ts';
import { refusalOf } from './refuse.ts';
import { textOf } from './render.ts';
import { answer } from './respond.ts';
import type { Channel, User, View, Workspace } from './workspace.ts';

/** Sends what people do to the bot and carries out its answers, failures included, as Slack's client shows them. */

const TROUBLE = 'We had some trouble connecting. Try again?';

export function isOk(sent: Sent): sent is Sent & { kind: 'answered' } {
  return sent.kind === 'answered' && sent.status >= 200 && sent.status < 300;
}

export function failureOf(sent: Sent): string {
  return sent.kind === 'late' ? 'operation_timeout' : 'dispatch_failed';
}

/** Types a slash command. What the bot answers inline, or Slack's complaint, is shown to this person. */
export async function typeCommand(
  ws: Workspace,
  delivery: Delivery,
  user: User,
  channel: Channel,
  command: string,
  text: string,
): Promise<void> {
  const show = (line: string) => showEphemeral(ws, channel, user.id, line, [], null);
  if (!ws.app.commands.includes(command)) {
    show(
      `${command} is not a valid command. In Slack, all messages that start with the "/" character are commands.`,
    );
    return;
  }
  const sent = await delivery.command(commandFields(ws, user, channel, command, text));
  if (!isOk(sent)) {
    show(`${command} failed with the error ${failureOf(sent)}`);
    return;
  }
  if (sent.body.trim() === '') return;
  const json = sent.contentType.startsWith('application/json') ? parseJson(sent.body) : { text: sent.body };
  if (!isObject(json) || Object.keys(json).length === 0) return;
  const error = refused(() => answer(ws, channel, { userId: user.id, source: null }, json));
  if (error) show(`${command} failed with the error ${error}`);
}

/** Runs it; the name of the refusal, or null. */
function refused(run: () => void): string | null {
  try {
    run();
    return null;
  } catch (thrown) {
    const refusal = refusalOf(thrown);
    if (refusal) return textAt(refusal, 'error');
    throw thrown;
  }
}

/** Presses a button or picks an option. Resolves to what this person reads there where it failed, or to null. */
export async function press(
  ws: Workspace,
  delivery: Delivery,
  user: User,
  place: Place,
  action: Json,
): Promise<string | null> {
  const sent = await delivery.interact(blockActions(ws, user, place, action));
  if (place.kind === 'view') {
    if (isOk(sent)) delete place.view.errors[''];
    else place.view.errors[''] = TROUBLE;
    return isOk(sent) ? null : TROUBLE;
  }
  if (isOk(sent)) return null;
  return sent.kind === 'late'
    ? 'This app did not respond. Apps need to respond within 3 seconds.'
    : `This app responded with the error ${failureOf(sent)}`;
}

/** Asks the app for the options of an external select. Resolves to them, groups flattened, or to why there are none. */
export async function askOptions(
  ws: Workspace,
  delivery: Delivery,
  user: User,
  place: Place,
  { block, element }: { block: Json; element: Json },
  words: string,
): Promise<{ options: Json[]; failed: string | null }> {
  const ids = { action_id: textAt(element, 'action_id'), block_id: textAt(block, 'block_id') };
  const sent = await delivery.interact(blockSuggestion(ws, user, place, { ...ids, value: words }));
  const json = isOk(sent) ? parseJson(sent.body) : undefined;
  if (!isObject(json)) return { options: [], failed: 'The options could not be loaded. Try again?' };
  const options = optionsOf(json);
  if (options.length === 0) return { options, failed: null };
  const { option_groups, options: flat } = json;
  const lists = {
    ...(flat === undefined ? {} : { options: flat }),
    ...(option_groups ? { option_groups } : {}),
  };
  const select = { type: 'static_select', action_id: 'asked', ...lists };
  const errors = blockErrors([{ type: 'actions', elements: [select] }], 'message');
  return errors.length > 0 ? { options: [], failed: errors.join('; ') } : { options, failed: null };
}

/** Submits a modal and does what the bot says: close (no answer), errors, update, push, clear. Label -> complaint. */
export async function submitView(
  ws: Workspace,
  delivery: Delivery,
  user: User,
  view: View,
): Promise<Record<string, string>> {
  view.errors = {};
  const sent = await delivery.interact(viewSubmission(ws, user, view));
  if (!isOk(sent)) {
    view.errors = { '': TROUBLE };
    return { '': `${TROUBLE} (${failureOf(sent)})` };
  }
  // Closed meanwhile: the answer finds nothing to show itself in.
  if (topModal(ws, user.id) !== view) return {};
  const json = sent.body.trim() === '' ? {} : parseJson(sent.body);
  if (!isObject(json)) return failedView(view, 'the answer is no JSON');
  const errors = { found: {} as Record<string, string> };
  const error = refused(() => {
    errors.found = obey(ws, user, view, json);
  });
  return error ? failedView(view, error) : errors.found;
}

function failedView(view: View, why: string): Record<string, string> {
  view.errors = { '': TROUBLE };
  return { '': `${TROUBLE} (${why})` };
}

function obey(ws: Workspace, user: User, view: View, json: Json): Record<string, string> {
  switch (json.response_action) {
    case undefined:
      closeTop(ws, user.id);
      return {};
    case 'clear':
      closeAll(ws, user.id);
      return {};
    case 'update':
      updateView(ws, view, checkedView(ws, json.view, 'modal', view));
      return {};
    case 'push':
      pushView(ws, user.id, checkedView(ws, json.view, 'modal'));
      return {};
    case 'errors':
      return showErrors(ws, view, json.errors);
    default:
      return failedView(view, `unknown response_action ${String(json.response_action)}`);
  }
}

/** Errors stand at input blocks; one for a block that is no input makes Slack show trouble instead. */
function showErrors(ws: Workspace, view: View, errors: unknown): Record<string, string> {
  if (!isObject(errors) || Object.keys(errors).length === 0)
    return failedView(view, 'no errors in the answer');
  const shown: Record<string, string> = {};
  for (const [blockId, complaint] of Object.entries(errors)) {
    const block = objectsAt(view.body, 'blocks').find((one) => one.block_id === blockId);
    if (block?.type !== 'input') return failedView(view, `there is no input block ${blockId}`);
    view.errors[blockId] = String(complaint);
    shown[textOf(ws, block.label)] = String(complaint);
  }
  return shown;
}
