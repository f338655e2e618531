import type { BlockAction } from '@slack/bolt';
import {
  type ActionId,
  actionIds,
  type CallActionId,
  callActionIds,
  type DeskActionId,
  decodeChoice,
  decodeTarget,
  deskActionIds,
  type ModalId,
  modalIds,
  type Target,
} from '../blocks/actions.ts';
import { answerModal } from '../blocks/answer-modal.ts';
import { decodeMetadata, type FormValues } from '../blocks/form.ts';
import type { Message } from '../blocks/message.ts';
import { noticeModal } from '../blocks/notice-modal.ts';
import { readAloud } from '../blocks/read-aloud.ts';
import type { KindOfPerson } from '../incident/permissions.ts';
import { type BoltApp, oneOf } from './bolt.ts';
import { hearChannels } from './channels.ts';
import { clickDeclare } from './declare.ts';
import { type SlackDeps, screenOf } from './deps.ts';
import { clickAtDesk } from './desk.ts';
import { dispatch } from './dispatch.ts';
import { oneListener } from './events.ts';
import { clickFailedCall } from './failed-call.ts';
import { give } from './give.ts';
import { type HomeTab, hearHome, homeTab } from './home.ts';
import { hearMessages } from './log.ts';
import { incidentNumbered, missingWords } from './lookup.ts';
import { hearMentions } from './mention.ts';
import { onHome, viewOf } from './on-view.ts';
import { clickDeeds, kindOfActor, modalDeeds, refusedTo } from './permissions.ts';
import { hearReactions } from './reactions.ts';
import { type Reply, saying } from './reply.ts';
import { hearShortcuts } from './shortcuts.ts';
import { clicks, submissions } from './tables.ts';

/** Everything Tocsin hears from Slack. Each listener commits first and acknowledges then. */
export function listen(app: BoltApp, deps: SlackDeps): void {
  const tab = homeTab(deps);
  const events = oneListener(app);
  hearMessages(events, deps, tab);
  hearChannels(events, deps);
  hearMentions(events, deps);
  hearReactions(events, deps);
  hearHome(events, deps, tab);
  hearCommands(app, deps);
  hearShortcuts(app, deps);
  hearClicks(app, deps, tab);
  hearSubmissions(app, deps, tab);
}

function hearCommands(app: BoltApp, deps: SlackDeps): void {
  app.command(deps.config().command, async ({ command, ack }) => {
    const ephemeral = (answer: Message) => {
      const { text, blocks } = readAloud(answer, screenOf(deps));
      return { response_type: 'ephemeral' as const, text, blocks };
    };
    const { user_id: user, team_id: team, enterprise_id: enterprise } = command;
    const reply = await dispatch(deps, {
      user,
      kind: await kindOfActor(deps, { user, team, enterprise }),
      channel: command.channel_id,
      text: command.text ?? '',
      cause: `command:${command.trigger_id}`,
    });
    if (reply === null || !('modal' in reply)) return ack(reply === null ? undefined : ephemeral(reply));
    const to = { user, channel: command.channel_id, trigger: command.trigger_id };
    await Promise.all([ack(), give(deps, reply, to)]);
  });
}

interface Clicked {
  user: string;
  kind: KindOfPerson;
  channel: string | null;
  action: ActionId;
  target: Target;
  trigger: string;
}

function hearClicks(app: BoltApp, deps: SlackDeps, tab: HomeTab): void {
  app.action<BlockAction>(
    { action_id: oneOf(actionIds), type: 'block_actions' },
    async ({ body, action, ack, respond }) => {
      const chosen = chosenBy(action.action_id as ActionId, action);
      const clicked = chosen && {
        user: body.user.id,
        kind: await kindOfActor(deps, {
          user: body.user.id,
          team: body.user.team_id ?? body.team?.id,
          enterprise: body.enterprise?.id,
        }),
        channel: body.channel?.id ?? null,
        trigger: body.trigger_id,
        ...chosen,
      };
      const reply = clicked
        ? await answerClick(deps, clicked)
        : saying('This button is too old. Nothing changed.');
      await ack();
      const view = viewOf(body);
      const back = (message: Message) =>
        respond({ response_type: 'ephemeral', replace_original: false, ...message });
      await give(deps, reply, {
        user: body.user.id,
        channel: body.channel?.id ?? null,
        trigger: body.trigger_id,
        ...(view ? { view } : { respond: back }),
      });
      if (view?.isOfHome) await tab.refresh(body.user.id);
    },
  );
}

const isDeskAction = (action: ActionId): action is DeskActionId =>
  deskActionIds.some((one) => one === action);

const isCallAction = (action: ActionId): action is CallActionId =>
  callActionIds.some((one) => one === action);

/** `more` is the overflow: the choice says which action, and about what. */
function chosenBy(id: ActionId, action: object): { action: ActionId; target: Target } | null {
  if ('selected_option' in action) {
    return decodeChoice((action.selected_option as { value?: string } | null)?.value);
  }
  const target = decodeTarget('value' in action ? (action.value as string) : null);
  return target && { action: id, target };
}

async function answerClick(deps: SlackDeps, clicked: Clicked): Promise<Reply> {
  const { user, kind, channel, target, trigger, action } = clicked;
  const refused = refusedTo(kind, clickDeeds[action]);
  if (refused) return saying(refused);
  const cause = `click:${trigger}`;
  if (action === 'declare') return clickDeclare(deps, { user, channel, target, cause });
  if (action === 'pick-incident') {
    return dispatch(deps, {
      user,
      kind,
      channel: channel ?? '',
      text: `INC-${target.incident} ${target.id ?? ''}`,
      cause,
    });
  }
  if (action === 'open-form')
    return dispatch(deps, { user, kind, channel: channel ?? '', text: target.id ?? '', cause });
  if (isDeskAction(action)) return clickAtDesk(deps, action, { user, target, cause });
  if (isCallAction(action)) return clickFailedCall(deps, action, { user, target, cause });
  if (action === 'more') return saying('This menu is too old. Nothing changed.');
  const incident = incidentNumbered(deps, target.incident, user, channel);
  if (!incident) return saying(missingWords(deps, target.incident, goneWords));
  return clicks[action](deps, { user, channel, target, incident, cause });
}

const goneWords = 'That incident is not there any more. Nothing changed.';

type Blocks = readonly { type: string; block_id?: string }[];

const firstField = (blocks: Blocks): string | undefined =>
  blocks.find(({ type }) => type === 'input')?.block_id;

/** Why the form as a whole is refused, at its first field: so it stays open and keeps what was typed. Null: it is done with. */
function refusedAt(reply: Reply, blocks: Blocks): Record<string, string> | null {
  const field = firstField(blocks);
  return reply && 'refused' in reply && reply.refused && field ? { [field]: reply.refused } : null;
}

/** The same for somebody who may not submit it at all; a form without a field makes room for the reason. */
function turnedAway(words: string, blocks: Blocks) {
  const field = firstField(blocks);
  return field
    ? ({ response_action: 'errors', errors: { [field]: words } } as const)
    : ({ response_action: 'update', view: noticeModal(words) } as const);
}

function hearSubmissions(app: BoltApp, deps: SlackDeps, tab: HomeTab): void {
  app.view({ callback_id: oneOf(modalIds), type: 'view_submission' }, async ({ body, view, ack }) => {
    const form = view.callback_id as ModalId;
    const kind = await kindOfActor(deps, {
      user: body.user.id,
      team: body.user.team_id,
      enterprise: body.enterprise?.id,
    });
    const notAllowed = refusedTo(kind, modalDeeds[form]);
    if (notAllowed) return ack(turnedAway(notAllowed, view.blocks));
    const about = decodeMetadata(view.private_metadata);
    const incident = about.incident
      ? incidentNumbered(deps, about.incident, body.user.id, about.channel)
      : null;
    if (about.incident && !incident) {
      return ack({
        response_action: 'update',
        view: noticeModal(missingWords(deps, about.incident, goneWords)),
      });
    }
    void deps.people.learn([body.user.id]);
    const submitted = await submissions[form](deps, {
      user: body.user.id,
      incident,
      channel: about.channel ?? null,
      values: view.state.values as FormValues,
      metadata: view.private_metadata,
      cause: `view:${view.id}:${view.hash}`,
    });
    if (submitted && 'errors' in submitted) {
      return ack({ response_action: 'errors', errors: submitted.errors });
    }
    const refused = refusedAt(submitted, view.blocks);
    if (refused) return ack({ response_action: 'errors', errors: refused });
    // A form that leads to another one: it takes its place, because a submission brings no trigger.
    if (submitted && 'modal' in submitted) {
      const next = about.home ? onHome(submitted.modal) : submitted.modal;
      return ack({ response_action: 'update', view: next });
    }
    if (about.home) {
      await ack(submitted ? { response_action: 'update', view: onHome(answerModal(submitted)) } : undefined);
      return tab.refresh(body.user.id);
    }
    await ack();
    const channel = about.channel ?? incident?.channel?.id ?? null;
    await give(deps, submitted, { user: body.user.id, channel });
  });
}
