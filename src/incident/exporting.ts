import { type By, userOf } from './by.ts';
import type { Topic } from './topic.ts';

export const exportFormats = ['markdown', 'json', 'csv'] as const;
export type ExportFormat = (typeof exportFormats)[number];

interface Request {
  by: By;
  format: ExportFormat;
  /** To the person who asks, by direct message, or to the incident's channel. */
  to: 'person' | 'channel';
}

/** Asks for the timeline as a file. Who may see the incident is asked where it arrives, and again when it is sent. */
export type ExportCommand = Request & { type: 'request-export' };

export type ExportFact = Request & { type: 'export-requested' };

export const exporting: Topic<ExportCommand, ExportFact> = {
  decide: {
    'request-export': (incident, command) =>
      command.to === 'channel' && incident.channel === null
        ? { refused: 'no-channel' }
        : [{ ...command, type: 'export-requested' }],
  },
  evolve: { 'export-requested': (incident) => incident },
  effects: {
    'export-requested': ({ by, format, to }) => {
      const user = userOf(by);
      return user === null ? [] : [{ kind: 'export', user, format, to }];
    },
  },
};
