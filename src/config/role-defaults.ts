import type { Role } from '../incident/incident.ts';
import type { RoleGuide } from './config.ts';

/** What somebody is told by DM who takes a role. Five lines: it is read on a phone, at night. */
export const roleDefaults: Record<Role, RoleGuide> = {
  commander: {
    title: 'Commander',
    instructions: lines(
      'You decide; you do not have to fix it yourself.',
      'Say in the channel what is broken, who is affected, and what happens next.',
      'Give each task to one person by name, and ask for a time.',
      'Ask for help early: escalating is never wrong.',
      'Going off? Offer the role with the handoff command: you keep it until somebody accepts.',
    ),
  },
  comms: {
    title: 'Comms lead',
    instructions: lines(
      'You tell everybody outside the channel what is going on.',
      'Post an update when it is due, even if nothing has changed.',
      'Say what is happening, the impact, what we are doing, and when the next update comes.',
      'Write for customers: no host names, no guesses, no blame.',
      'Keep questions away from the people who are fixing it.',
    ),
  },
  tech: {
    title: 'Tech lead',
    instructions: lines(
      'You lead the search for the cause and the way out.',
      'Restore service first; the cause can wait.',
      'Ask what changed last: releases, flags, configuration, traffic.',
      'Say what you are about to do before you do it, and what happened after.',
      'Need another team? Ask the commander to page them.',
    ),
  },
  ops: {
    title: 'Ops support',
    instructions: lines(
      'You carry out changes for the tech lead: rollbacks, scaling, failovers.',
      'One change at a time, each announced in the channel first.',
      'Write down how to undo it before you start.',
      'Watch the graphs after each change and say what you see.',
      'Stop and ask when something looks wrong.',
    ),
  },
  scribe: {
    title: 'Scribe',
    instructions: lines(
      'You keep the record that the postmortem is written from.',
      'Tocsin logs every message here; write down what is said in calls and elsewhere.',
      'Add those with the note command; -15m in front puts a note 15 minutes back.',
      'Note decisions with their reason and who made them.',
      'Note what was tried and did not work, too.',
    ),
  },
};

function lines(...each: string[]): string {
  return each.join('\n');
}
