import type { BoltApp } from './bolt.ts';

/** Where events are listened to. */
export type Events = Pick<BoltApp, 'event'>;

type Hear = (args: { event: { type: string } }) => Promise<void>;

/** All events by one listener of Bolt's, which runs every request past each listener it has. They are heard in order. */
export function oneListener(app: BoltApp): Events {
  const ears: { name: string | RegExp; hear: Hear }[] = [];
  const event = (name: string | RegExp, hear: Hear): void => void ears.push({ name, hear });
  const hearAll: Hear = async (args) => {
    const { type } = args.event;
    for (const { name, hear } of ears) {
      if (typeof name === 'string' ? name === type : name.test(type)) await hear(args);
    }
  };
  app.event(/./, hearAll as unknown as Parameters<typeof app.event>[1]);
  return { event: event as unknown as BoltApp['event'] };
}
