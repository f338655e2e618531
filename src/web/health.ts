/** A status and what goes with it, as JSON. */
export interface HealthAnswer {
  status: number;
  body: { ok: boolean; why?: string[] };
}

/**
 * What the process knows of itself: store writable, migrations done, a tick completed. `why`: what is missing, in
 * words; when it is ready all the same, what a human should look at (the socket to Slack is down: PagerDuty's webhooks
 * are still wanted here).
 */
export interface Readiness {
  ready: boolean;
  why: string[];
}

/** What whoever shows the token may read. Neither names an incident or says a word of people. */
export interface Watched {
  /** At least 16 characters. */
  token: string;
  /** `/healthz`: 200 while `ok`, else 503. */
  health: () => { ok: boolean };
  /** `/metrics`, in Prometheus's text format. */
  metrics: () => Promise<string>;
}

/** Prometheus's own name for its text format. */
export const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

/** `/livez`: the process answers. It never looks outside, so that an outage elsewhere restarts nothing. */
export function livez(): HealthAnswer {
  return { status: 200, body: { ok: true } };
}

/** `/readyz`: 200 when it can take incidents, else 503; and the reasons. */
export function readyz({ ready, why }: Readiness): HealthAnswer {
  if (!ready) return { status: 503, body: { ok: false, why } };
  return { status: 200, body: why.length > 0 ? { ok: true, why } : { ok: true } };
}
