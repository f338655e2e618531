/** The sections of a postmortem, in their order (product.md section 9), by the names that commands and facts use. */
export const sectionIds = [
  'summary',
  'impact',
  'timeline',
  'detection',
  'cause',
  'resolution',
  'communication',
  'well',
  'poorly',
  'lucky',
  'gaps',
  'actions',
  'people',
  'figures',
] as const;
export type SectionId = (typeof sectionIds)[number];

/** As people read them: headings of the document, choices of the form. */
export const sectionTitles: Readonly<Record<SectionId, string>> = {
  summary: 'Summary',
  impact: 'Impact',
  timeline: 'Timeline',
  detection: 'Detection',
  cause: 'Root cause: five whys',
  resolution: 'Resolution',
  communication: 'Communication',
  well: 'What went well',
  poorly: 'What went poorly',
  lucky: 'Where we were lucky',
  gaps: 'Gaps in monitoring, process, ownership',
  actions: 'Action items',
  people: 'People and roles',
  figures: 'Figures',
};

/** Action items are follow-ups: they are added, and done, one by one, so their section has no text to edit. */
export const editableIds: readonly SectionId[] = sectionIds.filter((id) => id !== 'actions');
