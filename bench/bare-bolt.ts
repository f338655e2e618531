import { App, HTTPReceiver } from '@slack/bolt';

/** A Bolt app as the starter guides have it: it checks signatures, hears messages and does nothing with them. */
const [port, signingSecret] = [Number(process.argv[2]), process.argv[3] ?? ''];
const app = new App({
  receiver: new HTTPReceiver({ signingSecret, endpoints: ['/slack/events'] }),
  authorize: async () => ({ botToken: 'xoxb-bare', botId: 'B0BARE', botUserId: 'U0BARE' }),
});
app.event('message', async () => undefined);
process.on('disconnect', () => process.exit(0));
await app.start({ port, host: '127.0.0.1' });
process.send?.('ready');
