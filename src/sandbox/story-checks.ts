import { clockTime } from './render.ts';
import type { World } from './start.ts';
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

const checks: Readonly<Record<string, Check>> = {
  'one alert opened one channel with one pinned card': ({ world }) => [
    ...differs(world.slack.channels().filter((name) => name.startsWith('inc-')).length, 1),
    ...differs(world.slack.channel('inc-').pins.length, 1),
  ],
  'Bea was paged at once, Cai 15 minutes later': ({ room }) => [...lacks(room, 'Paged @bea', 'Paged @cai')],
  'killed in the middle of a page, the bot paged Cai once and not twice': ({ sentTo }) =>
    differs(
      sentTo('cai').filter((time) => time < '02:24'),
      ['02:15'],
    ),
  'what was said while the bot was dead is in the timeline': ({ file }) =>
    lacks(file.content, 'Support has 40 tickets since 01:52'),
  'the acknowledgement stopped the paging: the engineering manager slept': ({ room, dm }) => [
    ...lacks(room, 'cai has it. Paging stopped.'),
    ...differs(dm('dana'), ''),
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
  'the missed update was asked for at 02:46 and again, by name, at 02:51': ({ file }) =>
    lacks(file.content, '- 02:46 Nudged ana', '- 02:51 Nudged cai'),
  'the answered nudges are gone from the channel': ({ room }) =>
    stillHas(room, 'update due now', 'update was due'),
  'people outside followed it in #incidents': ({ announced }) =>
    lacks(announced, 'Raised from SEV2 to SEV1', 'Now monitoring', 'Resolved 03:30'),
  'the card says how it ended': ({ world }) =>
    lacks(
      world.slack.channel('inc-').pins.join(),
      'Resolved 03:30',
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
      world.slack.mentions('inc-').filter(({ ts }) => ts === draft?.ts),
      [],
    ),
  ],
  'the draft names what went poorly': ({ file }) =>
    lacks(file.content, 'Acknowledged in 18 min against a target of 15 min', 'one was due at 02:46'),
  'Slack refused nothing that mattered': ({ world }) =>
    world.slack.calls
      .filter(({ ok, error }) => !ok && error !== 'already_in_channel')
      .map(({ method, error }) => `${method}: ${error}`),
};

/** All expectations of the story, each with what is missing. */
export function judgeStory(world: World): Expectation[] {
  const channel = world.slack.channel('inc-');
  const [file] = channel.files;
  const night: Night = {
    room: channel.transcript(),
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
