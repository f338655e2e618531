import { test } from 'vitest';
import { startCore } from './core.ts';
import { startReference } from './reference.ts';
import type { Deed } from './deeds.ts';
test('dbg', async () => {
  const deeds: Deed[] = JSON.parse(process.env.DEEDS!);
  const startAt = Date.UTC(2026, 2, 2, 10, 0);
  const core = await startCore(startAt); const ref = startReference(startAt);
  let a = 0, b = 0;
  for (const d of deeds) {
    await core.act(d); ref.act(d);
    const x = core.rang(), y = ref.rang();
    const f = (r: any) => `${new Date(r.at).toISOString().slice(11,19)} ${r.who} INC-${r.incident} ${r.step} ${r.why}`;
    console.log(new Date(core.now()).toISOString().slice(11,19), JSON.stringify(d), '\n   core ', x.slice(a).map(f), '\n   model', y.slice(b).map(f));
    a = x.length; b = y.length;
  }
  console.log(core.troubles);
  if (process.env.TL) (core as any).dump?.();
  await core.close();
});
