import { test } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { keepingDesks } from './contract/desks.ts';
import { mergingLinks, reading, writing } from './contract/incidents.ts';
import { claiming, parking, settling } from './contract/outbox.ts';
import { remembering, rememberingPagerDuty } from './contract/remembering.ts';
import type { OpenStore } from './contract/world.ts';

/** What every implementation of the store must do. `name` goes before each title. */
export function storeContract(name: string, open: OpenStore): void {
  const it = (title: string, run: (store: Store, again: () => Promise<Store>) => Promise<void>): void =>
    test(`${name}: ${title}`, async () => {
      const { store, again } = await open();
      await run(store, again);
    });
  writing(it);
  mergingLinks(it);
  reading(it);
  claiming(it);
  settling(it);
  parking(it);
  remembering(it);
  rememberingPagerDuty(it);
  keepingDesks(it);
}
