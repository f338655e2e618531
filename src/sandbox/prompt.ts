import type { Ink } from './ink.ts';
import { capital, newsLines, privateLines } from './ink.ts';
import { newsOf } from './news.ts';
import type { Incident as Alert } from './pagerduty-events.ts';
import type { Person } from './person.ts';
import { clockTime } from './render.ts';
import type { World } from './start.ts';
import type { Typed } from './typed-line.ts';
import { readLine } from './typed-line.ts';

export const promptHelp = `Type as one of ana, bea (on call), cai (second on call), dana (manager), eve (VP), finn (CTO):

  ana: /incident declare sev1 Checkout is down     a command, in the channel where Ana is (#general at first)
  ana says hello        ana> hello                 a message there
  ana goes to #inc-                                the newest channel whose name begins so; later words go there
  bea clicks Acknowledge                           the newest such button that Bea sees; "… in dm", "… in #inc-"
  ana submits What is happening?=it burns; Impact on users=all   fills in the open form by its labels and sends it
  bea sees                                         the open form, and what can be pressed
  pagerduty triggers payments "CPU on fire"        an alert; "pagerduty triggers low payments …"
  pagerduty acknowledges · pagerduty resolves      the newest alert, or the one whose title is named
  show #incidents · dm bea · list                  a channel, a phone, all channels
  pass 5m                                          moves the clock
  help · quit`;

export interface Prompt {
  /** Obeys one line and prints what comes of it. False: the person wants to go. */
  obey(line: string): Promise<boolean>;
  /** Prints what is new in channels and phones; not while a line is obeyed, which prints it itself. */
  look(): void;
}

interface Room {
  world: World;
  people: readonly string[];
  ink: Ink;
  print: (line: string) => void;
  alerts: Alert[];
}

/** A world that is run by typing. Mistakes are told and change nothing. */
export function promptOf(
  world: World,
  people: readonly string[],
  ink: Ink,
  print: (line: string) => void,
): Prompt {
  const room: Room = { world, people, ink, print, alerts: [] };
  const news = newsOf(world.slack, people);
  let isObeying = false;
  news();

  function look(): void {
    for (const one of news()) for (const line of newsLines(ink, one)) print(line);
  }

  return {
    look: () => {
      if (!isObeying) look();
    },
    obey: async (line) => {
      const typed = readLine(line);
      if (typed.do === 'quit') return false;
      isObeying = true;
      try {
        await act(room, typed);
        await world.settle();
        if ('who' in typed && typed.do !== 'dm') tellPrivately(room, typed.who);
      } catch (error) {
        print(ink('red', error instanceof Error ? error.message : String(error)));
      }
      isObeying = false;
      look();
      return true;
    },
  };
}

async function act(room: Room, typed: Typed): Promise<void> {
  const { world, print } = room;
  switch (typed.do) {
    case 'command':
      await someone(room, typed.who).command(typed.line);
      return;
    case 'say':
      return someone(room, typed.who).say(typed.text);
    case 'click':
      return someone(room, typed.who).click(typed.label, typed.where ? { in: typed.where } : {});
    case 'fill':
      return fill(room, someone(room, typed.who), typed.entries);
    case 'go':
      return go(room, typed.who, typed.channel);
    case 'sees':
      print(`can press: ${someone(room, typed.who).buttons().join(' · ') || 'nothing'}`);
      return;
    case 'dm':
      print(someone(room, typed.who).dm() || 'nothing yet');
      return;
    case 'trigger':
      return trigger(room, typed.service, typed.title, typed.urgency);
    case 'acknowledge':
    case 'resolve':
      return world.pagerduty[typed.do](alertNamed(room, typed.which));
    case 'show':
      print(world.slack.channel(typed.channel).transcript() || 'nothing yet');
      return;
    case 'pass':
      await world.pass(typed.duration);
      await world.tick();
      print(room.ink('dim', `it is ${clockTime(world.clock.now())} UTC`));
      return;
    case 'list':
      print(
        world.slack
          .channels()
          .map((name) => `#${name}`)
          .join('\n'),
      );
      return;
    case 'help':
      print(promptHelp);
      return;
    case 'not-understood':
      print(
        'Not understood. For example: ana: /incident declare sev1 Checkout is down. help shows everything.',
      );
      return;
    case 'nothing':
    case 'quit':
      return;
  }
}

function someone({ world, people }: Room, who: string): Person {
  const name = who.toLowerCase();
  if (!people.includes(name))
    throw new Error(`There is nobody called ${who}; there are ${people.join(', ')}`);
  return world.slack.as(name);
}

async function fill(
  { print }: Room,
  person: Person,
  entries: Record<string, string | boolean>,
): Promise<void> {
  const { errors } = await person.submit(entries);
  for (const [label, complaint] of Object.entries(errors ?? {})) print(`${label}: ${complaint}`);
}

/** A person who opens a public channel can write there only once they have joined it. */
async function go(room: Room, who: string, name: string): Promise<void> {
  const person = someone(room, who);
  const channel = room.world.slack.channel(name);
  if (!channel.members.includes(who.toLowerCase())) await person.join(channel.name);
  // By id: whoever is in a channel stays there when it is renamed.
  person.goTo(channel.id);
  room.print(room.ink('dim', `${capital(who)} is in #${channel.name}`));
}

/** The service `payments` is the one that the sandbox's configuration knows. */
async function trigger(room: Room, name: string, title: string, urgency: 'high' | 'low'): Promise<void> {
  const service = name === 'payments' ? { id: 'PPAYMNT', summary: name } : name;
  room.alerts.push(await room.world.pagerduty.trigger({ title, service, urgency }));
}

function alertNamed({ alerts }: Room, words: string): Alert {
  const found = alerts.findLast(({ title }) => title.toLowerCase().includes(words.trim().toLowerCase()));
  if (found) return found;
  throw new Error(
    `PagerDuty has no such alert; there are ${alerts.map((one) => one.title).join(', ') || 'none'}`,
  );
}

/** What only this person has before their eyes: answers to what they did, and an open form. */
function tellPrivately({ world, ink, print, people }: Room, who: string): void {
  if (!people.includes(who.toLowerCase())) return;
  const person = world.slack.as(who.toLowerCase());
  const name = capital(who.toLowerCase());
  for (const line of privateLines(ink, `only ${name} sees`, person.reads())) print(line);
  for (const line of privateLines(ink, `${name}'s form`, person.modal() ?? '')) print(line);
}
