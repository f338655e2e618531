/** A status and what goes with it, as JSON. */
export interface HealthAnswer {
  status: number;
  body: { ok: boolean; why?: string[] };
}

/**
 * What the process knows of itself: store writable, migrations done, a tick completed. `why`: what is missing, in
 * words.
 */
export interface Readiness {
  ready: boolean;
  why: string[];
}

/** `/livez`: the process answers. It never looks outside, so that an outage elsewhere restarts nothing. */
export function livez(): HealthAnswer {
  return { status: 200, body: { ok: true } };
}

/** `/readyz`: 200 when it can take incidents, else 503 and the reasons. */
export function readyz({ ready, why }: Readiness): HealthAnswer {
  return ready ? { status: 200, body: { ok: true } } : { status: 503, body: { ok: false, why } };
}
