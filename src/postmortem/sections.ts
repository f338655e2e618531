import { userOf } from '../incident/by.ts';
import type { Fact } from '../incident/facts.ts';
import type { Followup } from '../incident/followups.ts';
import type { SectionId } from '../incident/postmortem-sections.ts';
import { label } from '../incident/severity-scale.ts';
import { safeMarkdown } from './edits.ts';
import { worstGaps } from './evidence.ts';
import { figuresTable } from './figures-table.ts';
import type { Area, Evidence } from './finding.ts';
import { canceledWhy, declared, impactWords, lengthLine, summaryLines } from './lines.ts';
import { escapeInline, linked, listItem, paragraph, table, toAnswer } from './markdown.ts';
import { isHidden, narrative, quotes } from './narrative.ts';
import { peopleTable } from './people.ts';
import { whys } from './questions.ts';
import { asked, linkOf, nameIn, readableIn, type Story } from './story.ts';
import { asSentence, clockTime, count, detectedWords, lengthWords, momentWords } from './wording.ts';

/** How much of one kind of evidence is listed. */
const evidenceListedMax = 20;

/** How many gaps become rows of the action items. */
const actionRowsMax = 5;

type Body = (story: Story) => (string | null)[];

/** What each section draws from the timeline. Markdown, empty parts left out. */
const bodies: Readonly<Record<SectionId, Body>> = {
  summary: (story) => [
    summaryLines(story)
      .map((line) => listItem('', line))
      .join('\n'),
  ],
  impact,
  timeline: (story) => [
    quotes(story),
    'Times are UTC and link to their message; ↳ marks a reply in a thread.',
    narrative(story),
  ],
  detection,
  cause: rootCause,
  resolution,
  communication,
  well: (story) => [listed(story, 'well'), asked(story, 'well')],
  poorly: (story) => [listed(story, 'poorly'), asked(story, 'poorly')],
  lucky: (story) => [listed(story, 'lucky'), asked(story, 'lucky')],
  gaps,
  actions: actionItems,
  people: (story) => [peopleTable(story)],
  figures: (story) => [figuresTable(story)],
};

/** A section as the timeline gives it now, whatever people wrote. Markdown without its heading. */
export const drawn = (story: Story, id: SectionId): string =>
  bodies[id](story)
    .filter((part) => part !== null && part !== '')
    .join('\n\n');

/** A section as it stands: what somebody wrote, and who, else what the timeline gives. */
export function sectionText(story: Story, id: SectionId): string {
  const edit = story.edits.get(id);
  if (!edit) return drawn(story, id);
  const user = userOf(edit.by);
  const writer = user === null ? 'the bot' : nameIn(story, user);
  return `${safeMarkdown(edit.text)}\n\n_Written by ${writer}, ${momentWords(edit.at)}._`;
}

const item = (story: Story, text: string): string => listItem('', readableIn(story, text));

function impact(story: Story): (string | null)[] {
  const { incident } = story;
  const words = impactWords(incident.impact).map((text) => item(story, asSentence(text)));
  const severity = `It was ${label(incident.severity)}${incident.severityReason && `: ${incident.severityReason}`}.`;
  return [
    paragraph(readableIn(story, incident.impactText)),
    [...words, item(story, severity), item(story, lengthLine(story))].join('\n'),
    asked(story, 'impact'),
  ];
}

function detection(story: Story): (string | null)[] {
  const { incident, figures } = story;
  const source = incident.alertSource;
  const isAlert = source !== null && !incident.alerts[source.id]?.ours;
  const alert = isAlert
    ? listItem('First alert: ', source.title, source.url ? ` (${linked('open it', source.url)})` : '')
    : null;
  const detected = `${detectedWords(figures.detectedAfterMs)}.`;
  const noticed = incident.noticedBy ? item(story, asSentence(`Noticed by: ${incident.noticedBy}`)) : null;
  return [
    [item(story, asSentence(declared(story))), noticed, item(story, detected), alert]
      .filter((one) => one !== null)
      .join('\n'),
    paragraph(readableIn(story, incident.summary)),
    asked(story, 'detection'),
  ];
}

function rootCause(story: Story): string[] {
  return [
    'Several causes usually meet. Follow each answer to the next.',
    whys.map((why, index) => `${index + 1}. ${toAnswer(why)}`).join('\n'),
    asked(story, 'cause'),
  ];
}

function resolution(story: Story): (string | null)[] {
  const { incident, figures } = story;
  const fix = incident.resolution;
  const verified = fix?.verified ? 'Recovery was verified.' : 'Recovery was not verified.';
  const mitigated =
    figures.mitigatedAfterMs === null
      ? []
      : [item(story, `Mitigated ${lengthWords(figures.mitigatedAfterMs)} after it started.`)];
  const why = canceledWhy(story);
  const ending =
    incident.status === 'canceled'
      ? item(story, `Canceled${why === '' ? '.' : `: ${asSentence(why)}`}`)
      : null;
  const facts = fix
    ? [
        item(story, `Fixed by: ${fix.how}, ${momentWords(figures.endAt)}.`),
        item(story, verified),
        ...mitigated,
      ]
    : [ending ?? item(story, `Not resolved: it is ${incident.status}.`), ...mitigated];
  return [facts.join('\n'), paragraph(readableIn(story, fix?.text ?? '')), asked(story, 'resolution')];
}

type Update = Extract<Fact, { type: 'update-posted' }>;

function communication(story: Story): (string | null)[] {
  const { figures } = story;
  const gap = figures.longestUpdateGap;
  const late = gap
    ? ` The longest stretch that outlasted its due time was ${lengthWords(gap.untilAt - gap.fromAt)}.`
    : '';
  const posted = story.reading.items.flatMap((item) =>
    item.kind === 'fact' && item.fact.type === 'update-posted' && !isHidden(item)
      ? [updateItem(story, item.fact, item.at)]
      : [],
  );
  return [
    `${figures.updates === 0 ? 'No status update was posted' : `${count(figures.updates, 'status update')}`}.${late}`,
    posted.join('\n'),
    asked(story, 'communication'),
  ];
}

function updateItem(story: Story, update: Update, at: number): string {
  const parts = [
    update.happening,
    update.impact && `Impact: ${update.impact}`,
    update.doing && `Doing: ${update.doing}`,
  ];
  return listItem(`${clockTime(at)} `, readableIn(story, parts.filter((part) => part !== '').join('\n')));
}

function listed(story: Story, kind: Evidence['kind'], area: Area | null = null): string {
  const all = story.evidence.filter((one) => one.kind === kind && one.area === area);
  const left = all.length - evidenceListedMax;
  const more = left > 0 ? [`- And ${left} more.`] : [];
  const lines = all
    .slice(0, evidenceListedMax)
    .map((one) => listItem('', readableIn(story, one.text), shown(story, one)));
  return [...lines, ...more].join('\n');
}

/** ` ([02:05](…))`: the message that shows it, where there is one. */
function shown(story: Story, { seq }: Evidence): string {
  const from = story.reading.items.find((one) => one.seq === seq);
  const address = from ? linkOf(story, from) : null;
  return from && address !== null ? ` (${linked(clockTime(from.at), address)})` : '';
}

function gaps(story: Story): (string | null)[] {
  const areas = [
    ['Monitoring', 'monitoring'],
    ['Process', 'process'],
    ['Ownership', 'ownership'],
  ] as const;
  const parts = areas.flatMap(([title, area]) => [
    `**${title}**`,
    listed(story, 'gap', area) || '- Nothing that the timeline shows.',
  ]);
  return [...parts, asked(story, 'gaps')];
}

function actionItems(story: Story): string[] {
  const followups = story.incident.followups ?? [];
  const prompts = worstGaps(story.evidence)
    .slice(0, actionRowsMax)
    .map((gap) => toAnswer(`what will we change after this? ${escapeInline(readableIn(story, gap.text))}`));
  if (followups.length > 0) return [followupTable(story, followups), ...prompts];
  const rows = [...prompts, toAnswer('what will we change?')].map((action) => [
    action,
    toAnswer('who?'),
    toAnswer('by when?'),
  ]);
  return [table(['Action', 'Owner', 'Due'], rows)];
}

/** The follow-ups, in the order of their numbers: who does what by when, and what is done already. */
const followupTable = (story: Story, followups: readonly Followup[]): string =>
  table(
    ['No.', 'Action', 'Owner', 'Due', 'Done'],
    followups.map(({ n, text, owner, dueAt, doneAt, from }) => [
      String(n),
      escapeInline(readableIn(story, from ? `${text} (from INC-${from.id})` : text)),
      owner === null ? toAnswer('who?') : nameIn(story, owner),
      dueAt === null ? toAnswer('by when?') : momentWords(dueAt),
      doneAt === null ? 'open' : `done ${momentWords(doneAt)}`,
    ]),
  );
