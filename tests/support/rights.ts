import { actionIds, deskActionIds, modalIds, type Target } from '../../src/blocks/actions.ts';
import { notAllowed } from '../../src/blocks/permission-words.ts';
import {
  type Deed,
  deeds,
  type KindOfPerson,
  kindsOfPeople,
  type Right,
} from '../../src/incident/permissions.ts';
import { startWorld, type World, type WorldOptions } from '../../src/sandbox/start.ts';
import {
  clickDeeds,
  deedOfWord,
  modalDeeds,
  quietDeeds,
  shortcutDeeds,
  shortcutIds,
} from '../../src/slack/permissions.ts';
import { subcommands } from '../../src/slack/tables.ts';
import { type Wire, type WireOf, wireOf } from './wire.ts';

/** In every text of the incident that is looked at. */
export const canary = 'Xylophone';

/** People of every kind that matters to an incident; `in`: they are in its channel. */
export const cast: readonly { who: string; kind: KindOfPerson; in: boolean; as: string }[] = [
  { who: 'ana', kind: 'member', in: true, as: 'declarer' },
  { who: 'bea', kind: 'member', in: true, as: 'commander' },
  { who: 'cai', kind: 'member', in: true, as: 'comms lead' },
  { who: 'hal', kind: 'member', in: false, as: 'member' },
  { who: 'gus', kind: 'guest', in: true, as: 'guest in the channel' },
  { who: 'gil', kind: 'guest', in: true, as: 'single-channel guest in the channel' },
  { who: 'gwen', kind: 'guest', in: false, as: 'guest elsewhere' },
  { who: 'mallory', kind: 'external', in: false, as: 'external' },
  { who: 'don', kind: 'deactivated', in: false, as: 'deactivated' },
  { who: 'robo', kind: 'bot', in: false, as: 'bot user' },
];

const people = [
  ...['ana', 'bea', 'cai', 'dana', 'eve', 'finn', 'hal'],
  { name: 'gus', isRestricted: true },
  { name: 'gil', isUltraRestricted: true },
  { name: 'gwen', isRestricted: true },
  { name: 'mallory', teamId: 'T0EVIL', isStranger: true },
  { name: 'don' },
  { name: 'robo', isBot: true },
];

export interface Stage {
  world: World;
  wire: WireOf;
  isPrivate: boolean;
  /** Of the incident, and one beside it; the message that counts in the incident's channel. */
  channel: string;
  general: string;
  ts: string;
}

/**
 * INC-1 with a commander and a comms lead; everybody has been met, and Don's account was closed since. Not `isMet`: who is
 * not in the channel never did anything yet.
 */
export async function staged(
  isPrivate: boolean,
  { isMet = true, ...more }: Partial<WorldOptions> & { isMet?: boolean } = {},
): Promise<Stage> {
  const channels = [{ name: 'general', bot: true }, 'incidents'];
  const slack = { people, channels, rateLimits: false };
  const world = await startWorld({ at: '2026-03-02T10:00Z', slack, ...more });
  const ana = world.slack.as('ana');
  await ana.command('/incident declare', { in: 'general' });
  await world.settle();
  await ana.submit({
    'What is broken?': `${canary} is leaking`,
    'How bad is it for users?': 'SEV2 major',
    Private: isPrivate,
  });
  await world.settle();
  for (const { who } of cast.filter((one) => one.in && one.who !== 'ana')) await ana.invite(who, 'inc-');
  await ana.command('/incident role commander @bea', { in: 'inc-' });
  await ana.command('/incident role comms @cai', { in: 'inc-' });
  await ana.say(`${canary}: look here`, { in: 'inc-' });
  world.slack.deactivate('don');
  const wire = wireOf(world);
  const general =
    [...world.slack.workspace.channels.values()].find(({ name }) => name === 'general')?.id ?? '';
  for (const { who } of cast) if (isMet) await wire.send(wire.command(who, general, 'help'));
  await world.settle();
  const channel = world.store.incident(1)?.channel?.id ?? '';
  const ts = world.slack.channel('inc-').messages.find(({ text }) => text.includes('look here'))?.ts ?? '';
  return { world, wire, isPrivate, channel, general, ts };
}

/** Something that can be done in Slack. `silent`: an emoji or a look at Home, which nobody answers. */
interface Act {
  name: string;
  deed: Deed;
  isSilent?: boolean;
  wire: (stage: Stage, who: string, channel: string) => Wire | Promise<Wire>;
}

const target = (action: (typeof actionIds)[number]): Target =>
  deskActionIds.some((one) => one === action) ? { incident: 0, id: '1 payments' } : { incident: 1, id: '1' };

/** Every command, button, form, shortcut, mention, direct message, reaction, and the Home tab. */
export const acts: readonly Act[] = [
  ...[...Object.keys(subcommands), 'oncall override me 2h', 'oncall cover 2h', 'private yes'].flatMap(
    (line): Act[] => {
      const [word = '', ...rest] = line.split(' ');
      const deed = deedOfWord(word, rest.join(' '));
      const typed = ['oncall', 'help', 'list', 'declare', 'doctor'].includes(word)
        ? line
        : `INC-1 ${line}`.trim();
      return [
        {
          name: `/incident ${typed}`,
          deed,
          wire: ({ wire }, who, channel) => wire.command(who, channel, typed),
        },
        {
          name: `@tocsin ${typed}`,
          deed,
          wire: ({ wire }, who, channel) => wire.mention(who, channel, typed),
        },
      ];
    },
  ),
  {
    name: 'direct message: INC-1 ack',
    deed: 'work',
    wire: async ({ wire }, who) => wire.directMessage(who, await wire.direct(who), 'INC-1 ack'),
  },
  ...actionIds.map((action): Act => {
    const repeated =
      action === 'pick-incident' ? { incident: 1, id: 'show' } : { incident: 1, id: 'INC-1 show' };
    const about = ['pick-incident', 'open-form'].includes(action) ? repeated : target(action);
    return {
      name: `[${action}]`,
      deed: clickDeeds[action],
      wire: ({ wire }, who, channel) => wire.click(who, channel, action, about, action === 'more'),
    };
  }),
  ...modalIds.map(
    (modal): Act => ({
      name: `form ${modal}`,
      deed: modalDeeds[modal],
      wire: ({ wire }, who) => wire.submit(who, modal, { incident: 1 }),
    }),
  ),
  ...shortcutIds.map(
    (id): Act => ({
      name: `shortcut ${id}`,
      deed: shortcutDeeds[id],
      wire: ({ wire, ts }, who, channel) => wire.shortcut(who, channel, id, ts),
    }),
  ),
  ...[true, false].map(
    (on): Act => ({
      name: `reaction ${on ? 'added' : 'removed'}`,
      deed: quietDeeds.reaction,
      isSilent: true,
      wire: ({ wire, channel, ts }, who) => wire.reaction(who, channel, ts, on),
    }),
  ),
  {
    name: 'Home',
    deed: quietDeeds.home,
    isSilent: true,
    wire: async ({ wire }, who) => wire.home(who, await wire.direct(who)),
  },
];

/** All that is stored of incidents and on-call lists. */
const stored = ({ world: { store } }: Stage): string =>
  JSON.stringify([
    store.list({ limit: 100 }),
    store.list({ limit: 100 }).map(({ id }) => store.timeline(id).length),
    store.desks(),
  ]);

const refusals = new Set(
  deeds.flatMap((deed) =>
    kindsOfPeople.flatMap((kind) => (kind === 'member' ? [] : [notAllowed(kind, deed)])),
  ),
);
const isRefused = (shown: string): boolean => [...refusals].some((words) => shown.includes(words));

type Castaway = (typeof cast)[number];

/** Neither of these gets direct messages, so what cannot be said on the spot is not said. */
const isDeaf = ({ kind }: Castaway, { name }: Act): boolean =>
  (kind === 'bot' && /^@|direct message|declare-incident/.test(name)) ||
  (kind === 'deactivated' && /direct message|declare-incident/.test(name));

/** Said once more, by itself: a test that read the table would follow every mistake in it. */
const forMembers: readonly Deed[] = ['declare', 'seclude', 'change-on-call', 'mend'];
function mayDo(deed: Deed, kind: KindOfPerson): Right {
  if (kind === 'member') return 'all';
  return kind === 'guest' && !forMembers.includes(deed) ? 'theirs' : 'none';
}

/** What the table has to say of this person and this act, and what has to come of it. */
function expected(stage: Stage, act: Act, person: Castaway) {
  const right = mayDo(act.deed, person.kind);
  const sees = right === 'all' ? !stage.isPrivate || person.in : right === 'theirs' && person.in;
  const told = right === 'none' && !act.isSilent && !isDeaf(person, act);
  return { right, sees, told };
}

/** Does these, one after the other, of which the table says the same; what is wrong with what came of it. */
async function judged(stage: Stage, some: readonly Act[], person: Castaway): Promise<string[]> {
  const { wire, world, general, channel } = stage;
  const [first] = some;
  if (!first) return [];
  const { right, sees, told } = expected(stage, first, person);
  const [before, read] = [stored(stage), new Set(wire.shownTo(person.who))];
  const answers: string[] = [];
  const statuses: number[] = [];
  for (const act of some) {
    const sent = await act.wire(stage, person.who, person.in ? channel : general);
    const { status, text } = await wire.send(sent);
    statuses.push(status);
    answers.push(text);
  }
  await world.settle();
  const shown = [...answers, ...wire.shownTo(person.who).filter((one) => !read.has(one))];
  const refused = shown.filter(isRefused).length;
  const after = stored(stage);
  const cell = `${person.as}: ${some.map(({ name }) => name).join(', ')} (${stage.isPrivate ? 'private' : 'public'})`;
  return [
    ...(statuses.every((status) => status === 200) ? [] : [`${cell} was answered ${statuses.join(', ')}`]),
    ...(right === 'none' && after !== before ? [`${cell} changed something`] : []),
    ...(told && refused < some.length ? [`${cell} was not told why not`] : []),
    ...(!sees && incidentIn(after) !== incidentIn(before) ? [`${cell} changed INC-1`] : []),
    ...(!sees && shown.some((one) => one.includes(canary)) ? [`${cell} told of INC-1`] : []),
    ...(right !== 'none' && refused > 0 ? [`${cell} was refused`] : []),
  ];
}

const incidentIn = (all: string): string => {
  const [incidents] = JSON.parse(all) as [{ id: number }[]];
  return JSON.stringify(incidents.find(({ id }) => id === 1));
};

/** Those who may do least come first, so that what others change does not matter to them; what takes INC-1 away is last. */
const order: readonly Deed[] = ['look', 'mend', 'work', 'change-on-call', 'declare', 'seclude'];

/** Every cell of people x acts for one incident: how many, and what was wrong. */
export async function tried(stage: Stage, who: (one: Castaway) => boolean) {
  const wrong: string[] = [];
  let cells = 0;
  const sorted = [...acts].sort((a, b) => order.indexOf(a.deed) - order.indexOf(b.deed));
  for (const person of [...cast].reverse().filter(who)) {
    const expects = (act: Act): string => JSON.stringify(expected(stage, act, person));
    for (const group of new Set(sorted.map(expects))) {
      const some = sorted.filter((act) => expects(act) === group);
      cells += some.length;
      if ((await judged(stage, some, person)).length === 0) continue;
      // Which of them?
      for (const act of some) wrong.push(...(await judged(stage, [act], person)));
      wrong.push(`${person.as}: something was wrong with ${some.length} acts together`);
    }
  }
  return { cells, wrong };
}

/** One act through each of Slack's doors. */
const doors = [
  ...[
    '/incident declare',
    '@tocsin declare',
    '/incident INC-1 ack',
    '@tocsin INC-1 ack',
    'direct message: INC-1 ack',
  ],
  ...[
    '[acknowledge]',
    'form declare',
    'shortcut declare-incident',
    'shortcut add-to-timeline',
    'reaction added',
  ],
];

/** The first act that Tocsin ever hears of somebody who may do less than a member: how many, and what was wrong. */
export async function firstActs() {
  const wrong: string[] = [];
  const first = doors.map((door) => acts.find(({ name }) => name === door)!);
  const people = cast.filter((one) => one.kind !== 'member' && !one.in);
  for (const person of people) {
    for (const act of first) {
      const stage = await staged(false, { isMet: false });
      wrong.push(...(await judged(stage, [act], person)));
      await stage.world.stop();
    }
  }
  return { cells: people.length * first.length, wrong };
}
