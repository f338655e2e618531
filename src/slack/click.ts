import type { Target } from '../blocks/actions.ts';
import type { FormValues } from '../blocks/form.ts';
import type { Incident } from '../incident/incident.ts';
import type { SlackDeps } from './deps.ts';
import type { Reply } from './reply.ts';

/** One button pressed by one person. The value carried ids only; `incident` is as it is now. */
export interface Click {
  user: string;
  channel: string | null;
  target: Target;
  incident: Incident;
  cause: string;
}

export type ClickHandler = (deps: SlackDeps, click: Click) => Promise<Reply>;

/** What a modal was opened about; travels in `private_metadata`, ids only. */
export interface Submission {
  user: string;
  /** Of the incident it is about, or null for a declaration. */
  incident: Incident | null;
  /** Where the person was, for the answer. */
  channel: string | null;
  values: FormValues;
  metadata: string;
  cause: string;
}

export type Submitted = { errors: Record<string, string> } | Reply;

export type SubmissionHandler = (deps: SlackDeps, submission: Submission) => Promise<Submitted>;
