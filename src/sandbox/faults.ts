/** What goes wrong with a call: an HTTP status, a Slack error, no answer at all, or a cut connection. */
type Trouble =
  | 'timeout'
  | 'reset'
  | { timeout: true }
  | { reset: true }
  | { status: number; retryAfter?: number }
  /** A 200 with this in place of Slack's JSON; `isCut`: it ends in the middle. */
  | { raw: string; isCut?: boolean }
  | { error: string };

/** `before` (default): Slack does not apply the call. `after`: it does, and the caller does not learn of it. */
export type Fault = Trouble | (Exclude<Trouble, string> & { when?: 'before' | 'after' });

export interface Faults {
  /** The next `times` calls of the method (`*`: of any) meet this fault. Several queue up. */
  next(method: string, fault: Fault, times?: number): void;
  /** Every call meets it, until `clear`. Faults from `next` go first. */
  always(method: string, fault: Fault): void;
  clear(): void;
}

export interface Planned {
  trouble: Exclude<Trouble, string>;
  when: 'before' | 'after';
}

export interface FaultPlan extends Faults {
  /** Takes the fault that this call meets, or null. */
  take(method: string): Planned | null;
}

export function faultPlan(): FaultPlan {
  const queued: { method: string; fault: Planned }[] = [];
  const standing = new Map<string, Planned>();
  return {
    next: (method, fault, times = 1) => {
      for (let count = 0; count < times; count++) queued.push({ method, fault: planned(fault) });
    },
    always: (method, fault) => {
      standing.set(method, planned(fault));
    },
    clear: () => {
      queued.length = 0;
      standing.clear();
    },
    take: (method) => {
      const at = queued.findIndex((one) => one.method === method || one.method === '*');
      if (at >= 0) return queued.splice(at, 1)[0]?.fault ?? null;
      return standing.get(method) ?? standing.get('*') ?? null;
    },
  };
}

function planned(fault: Fault): Planned {
  if (fault === 'timeout') return { trouble: { timeout: true }, when: 'before' };
  if (fault === 'reset') return { trouble: { reset: true }, when: 'before' };
  return { trouble: fault, when: 'when' in fault ? (fault.when ?? 'before') : 'before' };
}
