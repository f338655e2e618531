/** Who somebody is to the workspace, as Slack tells it. `external`: of another organisation, met in a shared channel. */
export const kindsOfPeople = ['member', 'guest', 'external', 'deactivated', 'bot'] as const;
export type KindOfPerson = (typeof kindsOfPeople)[number];

/** `all`: with every incident that is not closed to them. `theirs`: with those they are part of. `none`: not at all. */
export type Right = 'all' | 'theirs' | 'none';

const nobodyElse = { external: 'none', deactivated: 'none', bot: 'none' } as const;

/**
 * Who may do what; the one place that says so. Members need no seat and no role: anybody may help (product.md, section 1),
 * so commander, comms lead and declarer stand in the row of members. Guests take part in what they are part of. A deed that
 * says nothing of a kind of people does not compile.
 */
const rights = {
  /** Reading, and asking for a form. */
  look: { member: 'all', guest: 'theirs', ...nobodyElse },
  /** Everything that changes an incident. */
  work: { member: 'all', guest: 'theirs', ...nobodyElse },
  /** A new incident opens a channel, which guests may not see. */
  declare: { member: 'all', guest: 'none', ...nobodyElse },
  /** It cannot be undone, and takes the incident away from whoever is not in it. */
  seclude: { member: 'all', guest: 'none', ...nobodyElse },
  /** Who is woken, and when. */
  'change-on-call': { member: 'all', guest: 'none', ...nobodyElse },
  /** How Tocsin is, what it could not do, and to have it done again. */
  mend: { member: 'all', guest: 'none', ...nobodyElse },
} as const satisfies Record<string, Readonly<Record<KindOfPerson, Right>>>;

export type Deed = keyof typeof rights;
export const deeds = Object.keys(rights) as Deed[];

export const rightTo = (deed: Deed, kind: KindOfPerson): Right => rights[deed][kind];
