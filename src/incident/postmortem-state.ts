import { type By, tocsin, userOf } from './by.ts';
import type { Incident, Status } from './incident.ts';
import { roleHolder } from './incident.ts';
import type { SectionId } from './postmortem-sections.ts';

/** Which reminder it is: to write it, on the next working morning; or that it is due. */
export type ReminderKind = 'ask' | 'due';

/** What became of one section. Its text is in the timeline alone. */
export interface SectionState {
  /** Counts edits and restorations: whoever saves must have seen the last one. */
  version: number;
  by: By;
  at: number;
  /** False: it was restored to what the timeline gives. */
  edited: boolean;
}

/** By Slack's ids. */
export interface Canvas {
  id: string;
  channel: string;
}

/** The postmortem of one incident, from the moment it was resolved or somebody first touched it. Times epoch ms. */
export interface Postmortem {
  owner: string | null;
  /** Who named the owner; null: nobody did, it follows from who did what. */
  ownerBy: By | null;
  /** IANA zone of the owner, for their mornings; null while unknown. */
  timeZone: string | null;
  /** Null: none is owed. */
  dueAt: number | null;
  /** Who chose the due time; null: it follows from the end. */
  dueBy: By | null;
  /** When the incident ended; null: not yet. */
  endedAt: number | null;
  reviewedAt: number | null;
  reviewedBy: By | null;
  sections: Partial<Record<SectionId, SectionState>>;
  /** The canvas that holds the draft, and the channel it is a tab of. */
  canvas?: Canvas | null;
  /** The last reminder the owner got, and what they said to it. */
  reminded: { last: ReminderKind | null; notBeforeAt: number | null; stopped: boolean };
}

export type DraftFormat = 'html' | 'markdown';

/** Longest text of one section, in UTF-16 units: what a form of ten fields takes (blocks/postmortem-modal.ts). */
export const sectionLengthMax = 30_000;

/** Why it is theirs when nobody said so. */
export type OwnerAs = 'commander' | 'acknowledger' | 'declarer';

/** The commander, else who had it, else who declared it; null when only machines were there. */
export function defaultOwner(incident: Incident): { user: string; as: OwnerAs } | null {
  const commander = roleHolder(incident, 'commander');
  if (commander) return { user: commander, as: 'commander' };
  const acknowledger = userOf(incident.acknowledged?.by ?? tocsin);
  if (acknowledger) return { user: acknowledger, as: 'acknowledger' };
  const declarer = userOf(incident.declaredBy);
  return declarer ? { user: declarer, as: 'declarer' } : null;
}

/** What only such an end owes: canceled and merged incidents have no postmortem of their own. */
export const isWrittenAfter = (status: Status): boolean => status === 'resolved' || status === 'closed';

/** The postmortem as it stands, for incidents that have none stored yet too. */
export function postmortemOf(incident: Incident): Postmortem {
  if (incident.postmortem) return incident.postmortem;
  return {
    owner: null,
    ownerBy: null,
    timeZone: null,
    dueAt: null,
    dueBy: null,
    endedAt: null,
    reviewedAt: null,
    reviewedBy: null,
    sections: {},
    reminded: freshReminders,
  };
}

export const freshReminders: Postmortem['reminded'] = { last: null, notBeforeAt: null, stopped: false };

/** Who owns it now: the one named, else the one it follows from. */
export const ownerOf = (incident: Incident): string | null =>
  postmortemOf(incident).owner ?? defaultOwner(incident)?.user ?? null;

export const versionOf = (incident: Incident, section: SectionId): number =>
  postmortemOf(incident).sections[section]?.version ?? 0;

/** The canvas of the channel where it is worked on; one that a public channel kept is none of a private incident's. */
export const canvasOf = ({ postmortem, channel }: Incident): Canvas | null =>
  postmortem?.canvas && postmortem.canvas.channel === channel?.id ? postmortem.canvas : null;

/** The sections that people wrote, in no order. */
export const editedSections = (incident: Incident): SectionId[] =>
  Object.entries(postmortemOf(incident).sections).flatMap(([id, state]) =>
    state.edited ? [id as SectionId] : [],
  );

/** The incident with its postmortem changed. */
export const withPostmortem = (incident: Incident, change: Partial<Postmortem>): Incident => ({
  ...incident,
  postmortem: { ...postmortemOf(incident), ...change },
});
