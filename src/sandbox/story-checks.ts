import type { ChannelSight } from './channel-sight.ts';
import { clockTime } from './render.ts';
import type { World } from './start.ts';
import { room as firstRoom, secondRoom, thirdRoom } from './story-rooms.ts';
import type { Entry } from './transcript.ts';

/** One thing that must be true when the story is over, in words. */
export interface Expectation {
  name: string;
  /** What was found; empty when all is as it should be. */
  missing: string[];
}

/** The night as it stands in Slack at its end. */
interface Night {
  room: string;
  /** The channel of the second report; null where there is none. */
  second: ChannelSight | null;
  announced: string;
  file: { name: string; content: string };
  draft: Entry | undefined;
  dm: (name: string) => string;
  /** Times (`02:15`) at which a direct message went to this person. */
  sentTo: (name: string) => string[];
  world: World;
}

type Check = (night: Night) => string[];

/** Every line of `wanted` that `text` does not contain. */
const lacks = (text: string, ...wanted: string[]): string[] =>
  wanted.filter((line) => !text.includes(line)).map((line) => `not found: ${line}`);

const stillHas = (text: string, ...unwanted: string[]): string[] =>
  unwanted.filter((line) => text.includes(line)).map((line) => `should not be there: ${line}`);

const differs = (found: unknown, wanted: unknown): string[] =>
  JSON.stringify(found) === JSON.stringify(wanted)
    ? []
    : [`found ${JSON.stringify(found)}, expected ${JSON.stringify(wanted)}`];

/** Then the second alert of the night comes. */
const nightEnds = '03:40';

const isLater = (name: string): boolean => [secondRoom, thirdRoom].some((one) => name.startsWith(one.in));

/** The channel of the second alert; null where there is none. */
function lateRoom(world: World): string | null {
  const name = roomsOf(world).find((one) => one.startsWith(thirdRoom.in));
  return name === undefined ? null : world.slack.channel(name).transcript();
}

/** Lines that must stand there in this order. */
function disorder(text: string, ...wanted: string[]): string[] {
  let from = 0;
  return wanted.flatMap((line) => {
    const at = text.indexOf(line, from);
    if (at < 0) return [`not found, or too early: ${line}`];
    from = at + line.length;
    return [];
  });
}

const roomsOf = ({ slack }: World): string[] => slack.channels().filter((name) => name.startsWith('inc-'));

/** The draft without the links of its times. */
const unlinked = (markdown: string): string => markdown.replaceAll(/\[(\d\d:\d\d)\]\([^)]*\)/g, '$1');

/** Times (`02:58`) of what was posted there and says this. */
const timesOf = (sight: ChannelSight | null, words: string): string[] =>
  (sight?.entries() ?? []).filter(({ text }) => text.includes(words)).map(({ time }) => time);

/** Everything that was ever posted to this person by direct message, as it was sent. */
function onceSentTo({ slack }: World, name: string): string {
  const dm = slack.as(name).sight('dm').id;
  const sent = slack.callsTo('chat.postMessage').filter(({ ok, args }) => ok && args.channel === dm);
  return JSON.stringify(sent.map(({ args }) => args));
}

const checks: Readonly<Record<string, Check>> = {
  'one alert opened one channel with one pinned card': ({ world }) => [
    ...differs(roomsOf(world).filter((name) => !isLater(name)).length, 1),
    ...differs(world.slack.channel(firstRoom.in).pins.length, 1),
  ],
  'Bea was paged at once, Cai 15 minutes later': ({ room }) => [...lacks(room, 'Paged @bea', 'Paged @cai')],
  'killed in the middle of a page, the bot paged Cai once and not twice': ({ sentTo }) =>
    differs(
      sentTo('cai').filter((time) => time < '02:24'),
      ['02:15'],
    ),
  'what was said while the bot was dead is in the timeline': ({ file }) =>
    lacks(file.content, 'Support has 40 tickets since 01:52'),
  'the acknowledgement stopped the paging: the engineering manager slept': ({ room, sentTo }) => [
    ...lacks(room, 'cai has it. Paging stopped.'),
    ...differs(
      sentTo('dana').filter((time) => time < nightEnds),
      [],
    ),
  ],
  'the channel asked for a commander, and Cai took it': ({ room, file }) => [
    ...lacks(file.content, 'nobody in command'),
    ...lacks(room, 'cai is Commander now'),
  ],
  'Ana does comms, and was told what that means': ({ room, dm }) => [
    ...lacks(room, 'ana is Comms lead now'),
    ...lacks(dm('ana'), 'You are Comms lead'),
  ],
  'an edited message is quoted as corrected, a deleted one is not quoted at all': ({ file }) => [
    ...lacks(file.content, 'EU and US cards are affected', 'message deleted'),
    ...stillHas(file.content, 'Only EU cards', 'hunter2'),
  ],
  'raised to SEV1, everybody paged was asked again, and Cai answered': ({ room, sentTo }) => [
    ...lacks(room, 'raised it from SEV2 to SEV1: cards fail everywhere'),
    ...lacks(sentTo('bea').join(), '02:31'),
    ...lacks(sentTo('cai').join(), '02:31'),
  ],
  'Finn declared the same again, was asked whether it is, and merged it into the first': (night) => [
    ...lacks(JSON.stringify(night.world.slack.callsTo('chat.postMessage')), 'Is it the same problem?'),
    ...lacks(night.second?.pins.join() ?? '', 'Merged into INC-1: it goes on there'),
    ...lacks(night.room, 'INC-2 was merged into this by finn', 'finn: Globex called me'),
    ...lacks(unlinked(night.file.content), '- 02:37 finn merged INC-2 into it'),
  ],
  'after the merge Bea stood down, its channel fell silent, and no draft was written for it': (night) => [
    ...lacks(night.dm('bea'), 'Stand down: merged into INC-1 02:37'),
    ...differs(night.second?.entries().at(-1)?.time, '02:37'),
    ...differs(night.second?.files.length, 0),
  ],
  'the missed update was asked for at 02:46 and again, by name, at 02:51': ({ file }) =>
    lacks(file.content, '- 02:46 Nudged ana', '- 02:51 Nudged cai'),
  'the answered nudges are gone from the channel': ({ room }) =>
    stillHas(room, 'update due now', 'update was due'),
  'command was offered to Bea by direct message, with what she had to know': ({ world }) =>
    lacks(
      onceSentTo(world, 'bea'),
      'cai offers you Commander of INC-1. cai stays Commander until you accept.',
      'The rollback is mine, two hosts of five are done',
      'cai is Commander for 32 min now',
      'Rolling back release 512',
    ),
  'Cai stayed commander until Bea accepted, and both were told': ({ file, dm, world }) => [
    ...lacks(
      unlinked(file.content),
      '- 02:56 cai offered Commander to bea',
      '- 02:58 cai handed Commander over to bea',
    ),
    ...differs(timesOf(world.slack.channel(firstRoom.in), 'lead @bea')[0], '02:58'),
    ...lacks(dm('cai'), 'bea accepted: you are not Commander of INC-1 any more'),
    ...lacks(dm('bea'), 'You accepted: you are Commander of INC-1', 'You decide; you do not have to fix it'),
    ...stillHas(dm('bea'), '[Accept]'),
  ],
  'people outside followed it in #incidents': ({ announced }) =>
    lacks(
      announced,
      'Raised from SEV2 to SEV1',
      'Merged into INC-1',
      'Now monitoring',
      'Resolved after 1 h 30 min',
      'Closed 03:35',
    ),
  'the card says how it ended': ({ world }) =>
    lacks(
      world.slack.channel(firstRoom.in).pins.join(),
      'Closed 03:35',
      'Fixed by rollback',
      'lasted 1 h 30 min',
    ),
  'the draft has its five lines and its open questions, and mentions nobody': ({ room, draft, world }) => [
    ...lacks(
      room,
      'Impact: Nearly all checkouts fail',
      'acknowledged 18 min after',
      'Worst gaps:',
      'Open questions',
    ),
    ...differs(
      world.slack.mentions(firstRoom.in).filter(({ ts }) => ts === draft?.ts),
      [],
    ),
  ],
  'the draft names what went poorly': ({ file }) =>
    lacks(file.content, 'Acknowledged in 18 min against a target of 15 min', 'one was due at 02:46'),
  'a follow-up has an owner, who was told, and a day': ({ room, dm }) => [
    ...lacks(room, 'Follow-up 1 by bea: Test the tokenizer with real cards'),
    ...lacks(dm('cai'), 'bea gave you follow-up 1, due Mar 6, 2026 17:00'),
  ],
  'closed once the whole checklist held, each item shown by the data': ({ room, world }) => [
    ...differs(timesOf(world.slack.channel(firstRoom.in), 'Closed by'), ['03:35']),
    ...lacks(
      room,
      'Shown by the data: service stable, resolved or contained, final update sent, timeline complete and follow-ups captured.',
    ),
    ...stillHas(room, 'Closed anyway'),
  ],
  'cover that Eve took moved the next page to her: Cai was called no more': ({ world, sentTo, dm }) => [
    ...lacks(dm('cai'), 'eve is secondary for payments'),
    ...lacks(dm('eve'), 'You took it: you are secondary for payments'),
    ...differs(
      sentTo('cai').filter((time) => time >= nightEnds),
      [],
    ),
    ...differs(
      world.pagerduty.paged().filter((one) => one.slice(-5) >= nightEnds),
      ['bea at 03:40', 'eve at 03:45', 'bea at 03:47', 'dana at 03:47'],
    ),
  ],
  'acknowledged in Slack, it was in PagerDuty too, and the other way round, all of it in the channel': ({
    world,
  }) => [
    ...disorder(
      lateRoom(world) ?? '',
      'Paged @bea (primary for payments): an alert came in, PagerDuty paged Bea.',
      'Paged @eve (secondary for payments): nobody has it.',
      'PagerDuty is calling Eve.',
      'eve has it. Paging stopped.',
      'Given back in PagerDuty: eve does not have it any more.',
      'Paged @dana (engineering manager for payments): Eve (in PagerDuty) gave it back.',
      'PagerDuty is calling Dana.',
      'Bea (in PagerDuty) has it. Paging stopped.',
    ),
    ...differs(
      world.pagerduty.incidents.map(({ title, status }) => `${title}: ${status}`),
      [
        'Checkout error rate above 5%: resolved',
        'SEV2 Checkout has a high error rate (INC-2): resolved',
        'Search returns nothing: resolved',
      ],
    ),
    ...differs(
      world.pagerduty
        .callsTo('PUT /incidents/{id}')
        .flatMap(({ from, body }) => (JSON.stringify(body).includes('acknowledged') ? [from] : [])),
      ['cai@example.com', 'cai@example.com', 'bea@example.com', 'eve@example.com'],
    ),
  ],
  'Slack refused nothing that mattered': ({ world }) =>
    world.slack.calls
      .filter(({ ok, error }) => !ok && error !== 'already_in_channel')
      .map(({ method, error }) => `${method}: ${error}`),
};

/** All expectations of the story, each with what is missing. */
export function judgeStory(world: World): Expectation[] {
  const channel = world.slack.channel(firstRoom.in);
  const second = roomsOf(world).find((name) => name.startsWith(secondRoom.in));
  const [file] = channel.files;
  const night: Night = {
    room: channel.transcript(),
    second: second === undefined ? null : world.slack.channel(second),
    announced: world.slack.channel('incidents').transcript(),
    draft: channel.entries().find(({ text }) => text.includes('Postmortem draft:')),
    file: file ?? { name: 'no file', content: '' },
    dm: (name) => world.slack.as(name).dm(),
    sentTo: (name) => {
      const dm = world.slack.as(name).sight('dm').id;
      const sent = world.slack
        .callsTo('chat.postMessage')
        .filter(({ ok, args }) => ok && args.channel === dm);
      return sent.map(({ at }) => clockTime(at));
    },
    world,
  };
  return Object.entries(checks).map(([name, check]) => ({ name, missing: check(night) }));
}
