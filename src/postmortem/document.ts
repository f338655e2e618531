import { tocsin, userOf } from '../incident/by.ts';
import { sectionIds, sectionTitles } from '../incident/postmortem-sections.ts';
import { postmortemOf } from '../incident/postmortem-state.ts';
import { escapeInline, toAnswer } from './markdown.ts';
import { sectionText } from './sections.ts';
import { nameIn, readableIn, type Story } from './story.ts';
import { momentWords } from './wording.ts';

/** The whole document. Markdown that ends with a line end. */
export function document(story: Story): string {
  const { incident } = story;
  const title = escapeInline(readableIn(story, incident.title));
  const heads = sectionIds.map((id) => `## ${sectionTitles[id]}\n\n${sectionText(story, id)}`);
  return `${[`# INC-${incident.id}: ${title}`, ...preface(story), ...heads].join('\n\n')}\n`;
}

function preface(story: Story): string[] {
  const { incident, owner, dueAt } = story;
  const person = owner ? `${nameIn(story, owner.user)} (${owner.as})` : toAnswer('who?');
  const why = postmortemOf(incident).dueBy === null ? ', 48 h after it was resolved' : '';
  const due = dueAt === null ? '' : ` Due: ${momentWords(dueAt)}${why}.`;
  const marks = [
    incident.isTest ? 'This was a test.' : '',
    incident.isPrivate ? 'This incident is private: share it with its members only.' : '',
  ].filter((mark) => mark !== '');
  return [
    `Owner of this postmortem: ${person}.${due}${reviewed(story)}`,
    [
      `Draft of ${momentWords(story.now)}, from the incident's timeline.`,
      'It asks what happened and why it made sense at the time, not who is to blame.',
      ...marks,
    ].join(' '),
  ];
}

function reviewed(story: Story): string {
  const { reviewedAt, reviewedBy } = postmortemOf(story.incident);
  if (reviewedAt === null) return '';
  const user = userOf(reviewedBy ?? tocsin);
  return ` Reviewed ${momentWords(reviewedAt)}${user === null ? '' : ` by ${nameIn(story, user)}`}.`;
}
