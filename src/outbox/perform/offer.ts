import { offerMessage, offerOver as offerOverOf } from '../../blocks/offer.ts';
import { userOf } from '../../incident/by.ts';
import { dues } from '../../incident/due.ts';
import { type Offer, offerOf, sameOffer } from '../../incident/handover.ts';
import type { Incident } from '../../incident/incident.ts';
import type { EffectOf, Performer } from '../context.ts';
import { cancelled, done, screenOf } from '../context.ts';
import { edit, findPosted, post } from '../post.ts';
import { wordOf } from '../retry.ts';
import { lostWords } from './card.ts';
import { peopleShown } from './shown.ts';

const standing = (incident: Incident, effect: EffectOf<'offer'>): Offer | null =>
  sameOffer(offerOf(incident, effect.role), effect);

/** What comes by itself, soonest first; that the offer itself is asked about again is no news to its reader. */
const upcoming = (incident: Incident) =>
  dues(incident)
    .filter(({ rule }) => !rule.startsWith('offer-'))
    .sort((one, other) => one.at - other.at)
    .map(({ rule, at }) => ({ what: rule, at }));

const posted = ({ role, user, offeredAt }: EffectOf<'offer'>, channel: string, ts: string) =>
  done({ type: 'note-offer-posted', role, user, offeredAt, channel, ts });

/** A role offered by DM. Answered or over before it went out, it is not sent any more. */
export const offer: Performer<'offer'> = {
  send: async (context, effect, job) => {
    const offered = standing(job.incident, effect);
    if (!offered || (offered.remindedAt !== null) !== effect.isReminder)
      return cancelled('answered meanwhile');
    const offerer = userOf(offered.by);
    await context.people.learn([...peopleShown(job.incident), ...(offerer === null ? [] : [offerer])]);
    const due = upcoming(job.incident);
    const message = offerMessage(job.incident, effect.role, offered, due, screenOf(context));
    const channel = await context.people.dm(effect.user);
    return posted(effect, channel, await post(context, job, { channel }, message));
  },
  find: async (context, effect, job) => {
    const channel = await context.people.dm(effect.user);
    const ts = await findPosted(context, job, { channel });
    return ts ? posted(effect, channel, ts) : null;
  },
};

/** The DM of an offer says what became of it. Deleted by its reader, there is nothing to say. */
export const offerOver: Performer<'offer-over'> = {
  send: async (context, { role, user, place, about }, job) => {
    await context.people.learn(peopleShown(job.incident));
    const message = offerOverOf(job.incident, role, user, about, screenOf(context));
    await edit(context, place, message).catch((error: unknown) => {
      if (!lostWords.has(wordOf(error) ?? '')) throw error;
    });
    return done();
  },
};
