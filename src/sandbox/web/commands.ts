import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { objectAt, objectsAt, textAt } from '../json.ts';

/** A slash command as Slack's composer offers it. */
export interface SlashCommand {
  command: string;
  description: string;
  usageHint: string;
}

/** A word after the command. */
export interface Subcommand {
  word: string;
  does: string;
}

/** The commands of a manifest: what Slack itself knows of them. */
export function commandsIn(manifest: string): SlashCommand[] {
  const features = objectAt(parse(manifest), 'features');
  return objectsAt(features, 'slash_commands').map((one) => ({
    command: textAt(one, 'command'),
    description: textAt(one, 'description'),
    usageHint: textAt(one, 'usage_hint'),
  }));
}

/** Those of Tocsin's own manifest. */
export function ownCommands(): SlashCommand[] {
  return commandsIn(readFileSync(new URL('../../../manifest.yml', import.meta.url), 'utf8'));
}

/** What may stand after `/incident`; a test compares the words with those that the bot knows. */
export const subcommandsOffered: readonly Subcommand[] = [
  { word: 'help', does: 'all commands by situation' },
  { word: 'declare', does: 'sev2 Checkout is down: at once; without words it asks' },
  { word: 'sev', does: '1 all users: changes the severity' },
  { word: 'ack', does: 'I have it: stops the paging' },
  { word: 'unack', does: 'gives it back: the next person is paged' },
  { word: 'escalate', does: 'pages the next person now, or somebody by name' },
  { word: 'role', does: 'commander me: takes command; also comms, tech, ops, scribe' },
  { word: 'roles', does: 'who holds what' },
  { word: 'handoff', does: 'commander @bea: offers it with a briefing' },
  { word: 'update', does: 'what is happening, impact, what we do' },
  { word: 'nudges', does: 'what is reminded whom of, and when' },
  { word: 'pause', does: 'for 2h waiting for the vendor: no reminders until then' },
  { word: 'resume', does: 'ends the pause' },
  { word: 'status', does: 'investigating, identified or monitoring' },
  { word: 'note', does: '-15m rolled back: adds to the timeline' },
  { word: 'timeline', does: '20: the last entries; export csv' },
  { word: 'followup', does: 'add limit the retries @bea by friday' },
  { word: 'resolve', does: 'rollback: how it was fixed' },
  { word: 'close', does: 'goes through the closing checklist' },
  { word: 'cancel', does: 'false alarm: it was nothing' },
  { word: 'reopen', does: 'it was not over after all' },
  { word: 'merge', does: 'INC-12: this one goes into INC-12' },
  { word: 'undo', does: 'takes back an end, or the last change of severity' },
  { word: 'list', does: 'what is open; also mine, all, sev1' },
  { word: 'show', does: 'INC-12: one incident' },
  { word: 'oncall', does: 'who would be woken now' },
  { word: 'postmortem', does: 'the draft once more; edit, owner, due' },
  { word: 'private', does: 'goes on in a private channel' },
  { word: 'rename', does: 'a better title, everywhere' },
  { word: 'runbook', does: 'shows and bookmarks it' },
  { word: 'call', does: 'sets the call link, or shows it' },
  { word: 'doctor', does: 'what is wrong or waiting' },
];
