import type { EffectKind } from '../incident/effects.ts';
import type { Context, Delivery, EffectOf, Job, Performer } from './context.ts';
import { fateOf } from './fate.ts';
import { announcement, announcementReply, askAnnounceChannel, stormMessage } from './perform/announcement.ts';
import { draftCanvas } from './perform/canvas.ts';
import { card, pinCard } from './perform/card.ts';
import { bookmark, invite, openChannel, purpose, renameChannel, topic } from './perform/channel.ts';
import { draft, draftCard, draftExport, draftFile } from './perform/draft.ts';
import { exportFile } from './perform/export.ts';
import { pullHistory } from './perform/history.ts';
import { absorb, offerMerge, separate } from './perform/merge.ts';
import { nudge, retract } from './perform/nudge.ts';
import { offer, offerOver } from './perform/offer.ts';
import { page, pageCard } from './perform/page.ts';
import {
  pagerDutyNoteEffect,
  pagerDutyPriority,
  pagerDutyState,
  pagerDutyTitle,
} from './perform/pagerduty.ts';
import { pagerDutyDetails } from './perform/pagerduty-details.ts';
import { pagerDutyPage } from './perform/pagerduty-page.ts';
import { callPagerDuty } from './perform/pagerduty-target.ts';
import { pagerDutyTrigger } from './perform/pagerduty-trigger.ts';
import { leaveChannel, withdrawAnnouncement } from './perform/privacy.ts';
import { checkQuiet } from './perform/quiet.ts';
import { say, tell } from './perform/say.ts';
import { resolvePage } from './perform/targets.ts';
import { callWebhook } from './perform/webhook.ts';

/** One performer per kind of effect. */
const performers: { [Kind in EffectKind]: Performer<Kind> } = {
  'open-channel': openChannel,
  card,
  'pin-card': pinCard,
  topic,
  purpose,
  'rename-channel': renameChannel,
  'withdraw-announcement': withdrawAnnouncement,
  'leave-channel': leaveChannel,
  bookmark,
  invite,
  announcement,
  'announcement-reply': announcementReply,
  'storm-message': stormMessage,
  'ask-announce-channel': askAnnounceChannel,
  'resolve-page': resolvePage,
  page,
  'page-card': pageCard,
  'call-webhook': callWebhook,
  'call-pagerduty': callPagerDuty,
  'check-quiet': checkQuiet,
  say,
  tell,
  nudge,
  retract,
  offer,
  'offer-over': offerOver,
  absorb,
  separate,
  'offer-merge': offerMerge,
  export: exportFile,
  'pagerduty-state': pagerDutyState,
  'pagerduty-trigger': pagerDutyTrigger,
  'pagerduty-page': pagerDutyPage,
  'pagerduty-priority': pagerDutyPriority,
  'pagerduty-title': pagerDutyTitle,
  'pagerduty-note': pagerDutyNoteEffect,
  'pagerduty-details': pagerDutyDetails,
  'pull-history': pullHistory,
  draft,
  'draft-file': draftFile,
  'draft-card': draftCard,
  'draft-canvas': draftCanvas,
  'draft-export': draftExport,
};

/** Can the fate of such a call be found out? Then an unclear one is looked up before it is made again. */
export const looksUp = (kind: EffectKind): boolean => performers[kind].find !== undefined;

/** Performs one row: looks first when an earlier try may have been applied. Throws what Slack threw. */
export async function perform(context: Context, job: Job): Promise<Delivery> {
  return performOne(context, job.row.effect, job);
}

async function performOne<Kind extends EffectKind>(
  context: Context,
  effect: EffectOf<Kind>,
  job: Job,
): Promise<Delivery> {
  const performer: Performer<Kind> = performers[effect.kind as Kind];
  const found = job.row.reconcile ? await fateOf(() => performer.find?.(context, effect, job)) : null;
  return found ?? performer.send(context, effect, job);
}
