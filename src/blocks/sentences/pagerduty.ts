import type { AlertDetailsFact } from '../../incident/alert-details.ts';
import type { PagerDutyWish, PagingOutFact } from '../../incident/paging-out.ts';
import { label } from '../../incident/severity-scale.ts';
import { oneLine } from '../message.ts';
import { list } from '../wording.ts';
import { type SentencesOf, tail } from './said.ts';

const wishes: Record<PagerDutyWish, string> = {
  page: 'PagerDuty did not page',
  state: 'PagerDuty does not know how things stand here, and may page on',
  title: 'PagerDuty still shows the title',
  priority: 'The priority in PagerDuty was not changed',
  note: 'The note in PagerDuty was not written',
  details: 'The details of the alert could not be read in PagerDuty',
};

const names = (people: readonly string[]): string =>
  list(people.slice(0, 20).map((name) => oneLine(name, 60, 'somebody'))) || 'its next level';

export const pagerduty: SentencesOf<PagingOutFact | AlertDetailsFact> = {
  'page-linked': (fact) => `PagerDuty opened its incident for our page${tail(fact.alert.title)}`,
  'alert-followed': (fact) => `PagerDuty follows: ${fact.to}`,
  'alert-details-read': (fact) => `The alert's details${tail(fact.reason)}`,
  'pagerduty-asked': (fact) =>
    fact.how === 'escalated'
      ? `PagerDuty is told to escalate to ${names(fact.people)}`
      : `PagerDuty is told to ask ${names(fact.people)} to respond`,
  'pagerduty-calling': ({ people }) =>
    people.length === 0 ? 'The page is with PagerDuty' : `PagerDuty is calling ${names(people)}`,
  'pagerduty-priority-set': (fact) => `PagerDuty's priority follows ${label(fact.severity)}`,
  'pagerduty-failed': (fact) => `${wishes[fact.wish]}${tail(fact.says)}`,
};
