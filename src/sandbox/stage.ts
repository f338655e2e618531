import { setTimeout as pause } from 'node:timers/promises';
import type { Entry } from './form.ts';
import type { Ink } from './ink.ts';
import { capital, newsLines, privateLines } from './ink.ts';
import { newsOf } from './news.ts';
import type { Person } from './person.ts';
import { clockTime } from './render.ts';
import type { World } from './start.ts';

/** Where a story is played: acts happen in a world, and everything that people come to see is printed at once. */
export interface Stage {
  readonly world: World;
  /** A new act. */
  act(title: string, ...words: string[]): void;
  /** Somebody does something; then what everybody sees of it. */
  does(who: string, what: string, deed: (person: Person) => Promise<unknown>): Promise<void>;
  /** Somebody presses a button there, fills in the form that it opens and submits it; throws when it is not taken. */
  fills(who: string, button: string, entries: Entries, where: { in: string }): Promise<void>;
  /** The same with a form that stays open and says `words`; throws when it is taken after all. */
  isRefused(
    who: string,
    button: string,
    entries: Entries,
    where: { in: string },
    words: string,
  ): Promise<void>;
  /** Something that no person in Slack does: PagerDuty, the machine, other apps. */
  happens(what: string, deed?: () => Promise<unknown>): Promise<void>;
  /** Time goes by until `03:05` UTC of the same night; what happens meanwhile is printed as it does. */
  until(time: string): Promise<void>;
}

type Entries = Readonly<Record<string, Entry>>;

const width = 96;
/** The night is walked through in steps this long, so that what is printed comes in its order. */
const stepMs = 60_000;
const stepsMax = 24 * 60;
const patienceMs = 20;
/** How often somebody looks whether the form has opened: a busy machine takes its time. */
const looksMax = 100;

/** A long row of boxes, one below the other. */
const folded = (line: string): string => (line.length > width ? line.replace(/ (?=[☐☑])/g, '\n  ') : line);

export function stageOf(
  world: World,
  people: readonly string[],
  ink: Ink,
  print: (line: string) => void,
): Stage {
  const news = newsOf(world.slack, people);
  news();
  const time = () => clockTime(world.clock.now());

  function show(): void {
    for (const one of news()) for (const line of newsLines(ink, one)) print(line);
  }

  const says = (who: string, what: string) =>
    print(`${ink('dim', time())} ${ink(['bold', 'inverse'], ` ${capital(who)} `)} ${what}`);

  const privately = (title: string, text: string) => {
    for (const line of privateLines(ink, title, text)) print(line);
  };

  /** A bot in another process answers a click at once and speaks a moment later. */
  async function settle(): Promise<void> {
    await pause(patienceMs);
    await world.settle();
  }

  async function does(who: string, what: string, deed: (person: Person) => Promise<unknown>): Promise<void> {
    says(who, what);
    const person = world.slack.as(who);
    await deed(person);
    await settle();
    privately(`only ${capital(who)} sees`, person.reads());
    show();
  }

  /** Resolves to what the form complains about; '' when it was taken. */
  async function submits(who: string, button: string, entries: Entries, where: { in: string }) {
    const person = world.slack.as(who);
    await does(who, `clicks [${button}]: a form opens`, () => person.click(button, where));
    for (let look = 0; look < looksMax && person.modal() === null; look += 1) await settle();
    privately(`${capital(who)}'s form`, (person.modal() ?? '').split('\n').map(folded).join('\n'));
    let complaints: string[] = [];
    const what = Object.keys(entries).length > 0 ? 'fills it in and submits' : 'submits it as it is';
    await does(who, what, async () => {
      const { errors = {} } = await person.submit(entries);
      complaints = Object.values(errors);
    });
    return complaints.join('; ');
  }

  return {
    world,
    act: (title, ...words) => {
      const head = `━━ ${time()} ━━ ${title} `;
      print('');
      print(ink(['bold', 'green'], head + '━'.repeat(Math.max(2, width - head.length))));
      for (const line of words) print(ink('italic', line));
    },
    does,
    fills: async (who, button, entries, where) => {
      const complaints = await submits(who, button, entries, where);
      if (complaints !== '') throw new Error(`${who}'s form was not taken: ${complaints}`);
    },
    isRefused: async (who, button, entries, where, words) => {
      const complaints = await submits(who, button, entries, where);
      if (!complaints.includes(words)) throw new Error(`"${words}" was not said, but "${complaints}"`);
      privately('the form stays open', complaints);
    },
    happens: async (what, deed) => {
      print(`${ink('dim', time())} ${ink('bold', '⚙')}  ${what}`);
      if (!deed) return;
      await deed();
      await settle();
      show();
    },
    until: async (wanted) => {
      for (let step = 0; step < stepsMax && time() !== wanted; step += 1) {
        await world.pass(`${stepMs / 1000}s`);
        show();
      }
      if (time() !== wanted) throw new Error(`the night never comes to ${wanted}`);
    },
  };
}
