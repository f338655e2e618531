import { escapeInline, toAnswer } from './markdown.ts';
import { sections } from './sections.ts';
import { nameIn, readableIn, type Story } from './story.ts';
import { momentWords } from './wording.ts';

/** The whole document. Markdown that ends with a line end. */
export function document(story: Story): string {
  const { incident } = story;
  const title = escapeInline(readableIn(story, incident.title));
  const heads = sections.map(({ title: name, body }) => {
    const parts = body(story).filter((part) => part !== null && part !== '');
    return [`## ${name}`, ...parts].join('\n\n');
  });
  return `${[`# INC-${incident.id}: ${title}`, ...preface(story), ...heads].join('\n\n')}\n`;
}

function preface(story: Story): string[] {
  const { incident, owner, dueAt } = story;
  const person = owner ? `${nameIn(story, owner.user)} (${owner.as})` : toAnswer('who?');
  const due = dueAt === null ? '' : ` Due: ${momentWords(dueAt)}, 48 h after it was resolved.`;
  const marks = [
    incident.isTest ? 'This was a test.' : '',
    incident.isPrivate ? 'This incident is private: share it with its members only.' : '',
  ].filter((mark) => mark !== '');
  return [
    `Owner of this postmortem: ${person}.${due}`,
    [
      `Draft of ${momentWords(story.now)}, from the incident's timeline.`,
      'It asks what happened and why it made sense at the time, not who is to blame.',
      ...marks,
    ].join(' '),
  ];
}
