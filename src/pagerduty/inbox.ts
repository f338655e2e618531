import type { Config } from '../config/config.ts';
import type { Declaration, Engine } from '../engine.ts';
import type { By } from '../incident/by.ts';
import { incidentOfKey } from '../incident/paging-out.ts';
import { outgrows } from '../incident/placement.ts';
import type { Committed, Store } from '../store/store.ts';
import type { PagerDutyAlert } from './news.ts';
import type { PagerDutyInbox } from './webhook.ts';

export interface InboxDeps {
  engine: Engine;
  store: Store;
  config: () => Config;
  /** Of the keys under which our own incidents page; null: they do not. */
  keyPrefix: string | null;
  report: (problem: string, error?: unknown) => void;
}

/** "Last PagerDuty event" is a status line: written at most this often. */
const heardEveryMs = 15_000;

/** PagerDuty's news become declarations and commands; each promise resolves after they are on disk. */
export function pagerDutyInbox(deps: InboxDeps): PagerDutyInbox {
  const { engine, store } = deps;
  let heardAt = 0;

  /** Null: it is not what PagerDuty opened for a page of ours. */
  function ofOurs(alert: PagerDutyAlert, by: By, cause: string): Promise<Committed> | null {
    const { keyPrefix } = deps;
    const id = keyPrefix === null || alert.key === undefined ? null : incidentOfKey(alert.key, keyPrefix);
    const isKnown = store.linkedId('pagerduty', alert.id) !== null;
    if (id === null || isKnown || store.incident(id) === null) return null;
    return engine.linkPage(id, { type: 'link-page', by, alert }, cause);
  }

  const open = (alert: PagerDutyAlert, by: By, cause: string): Promise<Committed> =>
    ofOurs(alert, by, cause) ?? engine.alert(alert, declarationOf(alert, by, deps.config()), cause);

  return {
    triggered: async (alert, by, cause) => {
      await open(alert, by, cause);
    },
    changed: async (id, command, alert, by, cause) => {
      const known = await engine.handleAlert(id, command, cause);
      if (known) {
        const incident = known.outcome === 'missing' ? null : known.incident;
        if (alert && incident && outgrows(incident, command)) await open(alert, by, `${cause}#trigger`);
        return;
      }
      if (command.type === 'note-alert' && command.to === 'resolved') {
        await engine.noteCleared(id, command.at);
        // Its trigger may have been on its way to the disk just then.
        await engine.handleAlert(id, command, cause);
        return;
      }
      if (!alert) return;
      // Its trigger was lost, or is late: the incident is opened now, and this news is the second thing it learns.
      await open(alert, by, `${cause}#trigger`);
      await engine.handleAlert(id, command, cause);
    },
    quarantine: (body, reason, at) => store.quarantine({ at, source: 'pagerduty', reason, body }),
    heard: (at) => {
      if (at - heardAt < heardEveryMs) return;
      heardAt = at;
      void store.saveMeta('last-pagerduty-event', String(at)).catch((error: unknown) => {
        deps.report('the time of the last PagerDuty event could not be stored', error);
      });
    },
  };
}

/** `incident.yml` knows services by their PagerDuty ids; an unknown one keeps the name PagerDuty gives it. */
function declarationOf(alert: PagerDutyAlert, by: By, config: Config): Declaration {
  const known = Object.entries(config.services).find(
    ([, service]) => alert.serviceId !== null && service.pagerduty.includes(alert.serviceId),
  );
  return {
    by,
    title: alert.title,
    severity: alert.severity,
    severityReason: alert.severityReason,
    provisional: true,
    service: known?.[0] ?? alert.service,
    runbook: known?.[1].runbook,
    alert,
  };
}
