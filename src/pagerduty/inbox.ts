import type { Clock } from '../clock.ts';
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
  clock: Clock;
  /** When that incident was resolved, says PagerDuty now, epoch ms; null: it was not, or PagerDuty does not say. */
  resolvedAt: (id: string) => Promise<number | null>;
  /** Of the keys under which our own incidents page; null: they do not. */
  keyPrefix: string | null;
  report: (problem: string, error?: unknown) => void;
}

/** "Last PagerDuty event" is a status line: written at most this often. */
const heardEveryMs = 15_000;
/** News that took longer may be about what is over: PagerDuty is asked before anybody is paged (reliability.md, "In"). */
const lateAfterMs = 15 * 60_000;

/** Of so many webhook subscriptions the ids are remembered, the latest. */
const subscriptionsMax = 20;

/** The webhook subscriptions that have ever delivered something here, where PagerDuty said which. */
export const subscriptionsIn = (store: Pick<Store, 'meta'>): string[] =>
  JSON.parse(store.meta('pagerduty-subscriptions') ?? '[]') as string[];

/** PagerDuty's news become declarations and commands; each promise resolves after they are on disk. */
export function pagerDutyInbox(deps: InboxDeps): PagerDutyInbox {
  const { engine, store } = deps;
  let heardAt = 0;

  /** By this id its state is looked up, whatever address it delivers to. */
  function remember(subscription: string): void {
    const known = subscriptionsIn(store);
    if (known.includes(subscription)) return;
    const kept = JSON.stringify([...known, subscription].slice(-subscriptionsMax));
    void store.saveMeta('pagerduty-subscriptions', kept).catch((error: unknown) => {
      deps.report('the webhook subscription of PagerDuty could not be remembered', error);
    });
  }

  /** Null: it is not what PagerDuty opened for a page of ours. */
  function ofOurs(alert: PagerDutyAlert, by: By, cause: string): Promise<Committed> | null {
    const { keyPrefix } = deps;
    const id = keyPrefix === null || alert.key === undefined ? null : incidentOfKey(alert.key, keyPrefix);
    if (id === null || store.linkedId('pagerduty', alert.id) !== null || store.incident(id) === null)
      return null;
    return engine.linkPage(id, { type: 'link-page', by, alert }, cause);
  }

  /** It came so late that it may be over: then it is, here too, and nobody is paged for it. */
  async function noteIfOver({ id, at }: PagerDutyAlert, cause: string): Promise<void> {
    if (deps.clock.now() - at <= lateAfterMs) return;
    const overAt = await deps.resolvedAt(id);
    if (overAt === null || overAt < at) return;
    deps.report('PagerDuty told us late of an incident that is over there: nobody is paged for it');
    await engine.noteCleared(id, overAt);
    const by: By = { kind: 'pagerduty' };
    const over = { type: 'note-alert', by, id, to: 'resolved', at: overAt, unacknowledged: false } as const;
    await engine.handleAlert(id, over, `${cause}#over`);
  }

  async function open(alert: PagerDutyAlert, by: By, cause: string): Promise<Committed> {
    await noteIfOver(alert, cause);
    return ofOurs(alert, by, cause) ?? engine.alert(alert, declarationOf(alert, by, deps.config()), cause);
  }

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
    heard: (at, subscription) => {
      if (subscription !== null) remember(subscription);
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
