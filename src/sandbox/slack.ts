import type { Clock } from '../clock.ts';
import type { Api, Call } from './api.ts';
import type { ChannelSight } from './channel-sight.ts';
import { channelSight } from './channel-sight.ts';
import { addChannel, archive, describe, destroy, leave, makePrivate, rename, unarchive } from './channels.ts';
import type { Delivered, Delivery, Mishap } from './delivery.ts';
import { startDelivery } from './delivery.ts';
import type { Faults } from './faults.ts';
import { faultPlan } from './faults.ts';
import { channelNamed, messageMatching, userNamed } from './find.ts';
import { httpWay } from './http-way.ts';
import type { Mention } from './mentions.ts';
import { mentionsIn } from './mentions.ts';
import { post, remove } from './messages.ts';
import { addCanvas, canvasesIn } from './methods/canvases.ts';
import type { PersonOption } from './people.ts';
import { DEFAULT_PEOPLE, userFrom } from './people.ts';
import type { Person } from './person.ts';
import { personOf } from './person.ts';
import { rateLimiter } from './rates.ts';
import { ALL_SCOPES } from './rules.ts';
import type { Seat } from './seat.ts';
import type { HttpSide } from './server.ts';
import { serveHttp } from './server.ts';
import { checkedShortcuts, DEFAULT_SHORTCUTS, type Shortcut } from './shortcuts.ts';
import type { Sockets } from './socket-way.ts';
import { socketWay } from './socket-way.ts';
import { typed } from './typing.ts';
import type { User, Workspace } from './workspace.ts';
import { newWorkspace } from './workspace.ts';

export interface SlackOptions {
  clock: Clock;
  /** Handles, or more about them. Default: ana, bea, cai, dana. */
  people?: readonly PersonOption[];
  /** Channels that exist, everybody in them, the bot not. Default: general. */
  channels?: readonly (
    | string
    | { name: string; isPrivate?: boolean; members?: readonly string[]; bot?: boolean; isShared?: boolean }
  )[];
  groups?: readonly { handle: string; users: readonly string[]; id?: string; name?: string }[];
  bot?: { name?: string; displayName?: string };
  /** Slash commands that belong to the bot. Default: `/incident`. */
  commands?: readonly string[];
  /** Default: those of the manifest. */
  shortcuts?: readonly Shortcut[];
  /** Scopes granted. Default: all that the methods here need. */
  scopes?: readonly string[];
  /** Events subscribed to, by their manifest names. Default: all. */
  subscriptions?: readonly string[];
  forbidChannels?: boolean;
  /** Canvases as the plan has them, or switched off. Default: paid. */
  canvases?: 'paid' | 'free' | 'off';
  /** The workspace is one of an Enterprise Grid organisation. */
  enterprise?: { id: string; name: string; isOrgInstall?: boolean };
  /** False: the app has no Home tab. */
  hasHome?: boolean;
  /** Measures the three seconds that the bot has for an answer. Default: `clock`, which may stand still. */
  patience?: Clock;
  /** Real milliseconds that every Web API call takes. */
  latencyMs?: number;
  /** False switches the rate limits off. */
  rateLimits?: boolean;
  /** Socket Mode is on: events and interactions come through the bot's sockets and in no other way. */
  socketMode?: boolean;
  /** Port to listen on; default a free one. */
  port?: number;
}

/** A Slack workspace on this machine. */
export interface Slack {
  /** For `slackApiUrl`: `http://127.0.0.1:port/api/`. */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly signingSecret: string;
  /** For Socket Mode. */
  readonly appToken: string;
  /** Throws where Socket Mode is off. */
  readonly sockets: Sockets;
  readonly botUserId: string;
  /** Everything there is, for whoever draws it. Changed by the bot's calls and by people's acts alone. */
  readonly workspace: Workspace;
  /** Where events and interactions go: `<base>/slack/events`. Null: the bot is away. */
  connect(botBaseUrl: string | null): void;
  as(handle: string): Person;
  /** The id of a person. */
  userId(handle: string): string;
  channel(name: string): ChannelSight;
  channels(): string[];
  otherApp(name: string): { say(text: string, where?: { in?: string }): Promise<void> };
  /** As a human admin does it. */
  archive(channel: string): Promise<void>;
  /** Whoever has left: their account is deactivated. */
  deactivate(handle: string): void;
  unarchive(channel: string): Promise<void>;
  renameChannel(channel: string, name: string): Promise<void>;
  makeChannelPrivate(channel: string): Promise<void>;
  setTopic(channel: string, topic: string): Promise<void>;
  deleteChannel(channel: string): Promise<void>;
  /** Lets another organisation in (Slack Connect). */
  shareChannel(channel: string): Promise<void>;
  kickBot(channel: string): Promise<void>;
  deleteMessage(channel: string, which: RegExp): Promise<void>;
  /** Somebody makes a canvas in the channel; all of them are deleted. */
  makeCanvas(channel: string, title: string, markdown: string): Promise<void>;
  deleteCanvases(channel: string): Promise<void>;
  /** Everybody whom a message that stands somewhere notifies. */
  mentions(channel?: string): Mention[];
  readonly faults: Faults;
  readonly calls: readonly Call[];
  callsTo(method: string): Call[];
  /** Called before and after each call is applied; the call waits. Returns what ends it. */
  watch(watcher: (call: Call, moment: 'before' | 'after') => void | Promise<void>): () => void;
  readonly tokens: { revoke(): void; restore(): void; revokeApp(): void; restoreApp(): void };
  /** Every event so far with its attempts. */
  readonly deliveries: readonly Delivered[];
  /** The next event is dropped, sent twice, or held until `release`. */
  mishap(kind: Mishap, times?: number): void;
  release(): Promise<void>;
  /** Sends an event (default: the last one) again. */
  redeliver(eventId?: string): Promise<void>;
  setLatency(latencyMs: number): void;
  /** Resolves when every delivery and every call in flight has been answered. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

const TOKEN = 'xoxb-sandbox-token';
const APP_TOKEN = 'xapp-1-A0TOCSIN-sandbox';
const SIGNING_SECRET = 'sandbox-signing-secret';

/** Starts a Slack workspace that is as strict as the real one, on a free port of 127.0.0.1. */
export async function startSlack(options: SlackOptions): Promise<Slack> {
  const ws = furnish(options);
  const signingSecret = SIGNING_SECRET;
  const sockets = options.socketMode ? socketWay(ws) : null;
  const way = sockets ?? httpWay(ws, signingSecret, options.patience);
  const delivery = startDelivery(ws, { way, subscriptions: options.subscriptions });
  const state = { isTokenGood: true, isAppTokenGood: true, latencyMs: options.latencyMs ?? 0 };
  const api: Api = {
    ws,
    faults: faultPlan(),
    calls: [],
    waitFor: options.rateLimits === false ? () => 0 : rateLimiter(options.clock),
    isToken: (token) => state.isTokenGood && token === TOKEN,
    isAppToken: (token) => state.isAppTokenGood && token === APP_TOKEN,
    sockets,
    watchers: new Set(),
    latency: async () => {
      if (state.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, state.latencyMs / 2));
    },
  };
  const http = await serveHttp(api, options.port ?? 0);
  ws.baseUrl = http.baseUrl;
  return {
    apiUrl: `${http.baseUrl}/api/`,
    botToken: TOKEN,
    signingSecret,
    appToken: APP_TOKEN,
    get sockets() {
      if (!sockets) throw new Error('this Slack calls the bot over HTTP: start it with socketMode');
      return sockets;
    },
    botUserId: ws.app.userId,
    workspace: ws,
    connect: (botBaseUrl) => delivery.connect(botBaseUrl),
    tokens: {
      revoke: () => {
        state.isTokenGood = false;
      },
      restore: () => {
        state.isTokenGood = true;
      },
      revokeApp: () => {
        state.isAppTokenGood = false;
      },
      restoreApp: () => {
        state.isAppTokenGood = true;
      },
    },
    setLatency: (latencyMs) => {
      state.latencyMs = latencyMs;
    },
    ...logOf(api),
    ...viewOf(ws, delivery),
    ...adminOf(ws, delivery),
    ...wiresOf(delivery, http),
  };
}

function furnish(options: SlackOptions): Workspace {
  const bot = { name: 'tocsin', displayName: 'Tocsin', ...options.bot };
  const ws = newWorkspace(
    options.clock,
    {
      id: 'A0TOCSIN',
      botId: 'B0TOCSIN',
      userId: 'U0TOCSIN',
      displayName: bot.displayName,
      commands: options.commands ?? ['/incident'],
      shortcuts: checkedShortcuts(options.shortcuts ?? DEFAULT_SHORTCUTS),
      hasHome: options.hasHome ?? true,
    },
    new Set(options.scopes ?? ALL_SCOPES),
    options.forbidChannels ?? false,
  );
  ws.canvasPlan = options.canvases ?? 'paid';
  const { isOrgInstall, ...enterprise } = options.enterprise ?? {};
  if (options.enterprise) Object.assign(ws, { enterprise, isOrgInstall });
  const people = (options.people ?? DEFAULT_PEOPLE).map(userFrom);
  const robot = userFrom({ name: bot.name, realName: bot.displayName, id: ws.app.userId, isBot: true });
  for (const user of [...people, robot]) ws.users.set(user.id, user);
  for (const group of options.groups ?? []) {
    const id = group.id ?? `S0${group.handle.toUpperCase().replace(/[^A-Z0-9]/g, '')}`;
    const users = group.users.map((handle) => userNamed(ws, handle).id);
    ws.groups.set(id, { id, handle: group.handle, name: group.name ?? group.handle, users });
  }
  for (const option of options.channels ?? ['general']) addStandingChannel(ws, people, option);
  return ws;
}

function addStandingChannel(
  ws: Workspace,
  people: readonly User[],
  option: NonNullable<SlackOptions['channels']>[number],
): void {
  const channel = typeof option === 'string' ? { name: option } : option;
  const inside = channel.members?.map((handle) => userNamed(ws, handle).id) ?? people.map(({ id }) => id);
  const standing = addChannel(ws, {
    name: channel.name,
    by: inside[0] ?? ws.app.userId,
    isPrivate: channel.isPrivate,
    isGeneral: channel.name === 'general',
    members: channel.bot ? [...inside, ws.app.userId] : inside,
  });
  standing.isShared = channel.isShared;
}

function logOf(api: Api): Pick<Slack, 'calls' | 'callsTo' | 'watch' | 'faults'> {
  return {
    faults: api.faults,
    calls: api.calls,
    callsTo: (method) => api.calls.filter((call) => call.method === method),
    watch: (watcher) => {
      api.watchers.add(watcher);
      return () => api.watchers.delete(watcher);
    },
  };
}

function viewOf(
  ws: Workspace,
  delivery: Delivery,
): Pick<Slack, 'as' | 'userId' | 'channel' | 'channels' | 'mentions'> {
  const seats = new Map<string, Seat>();
  return {
    as: (handle) => {
      const user = userNamed(ws, handle);
      const seat = seats.get(user.id) ?? {
        ws,
        delivery,
        user,
        at: 'general',
        readUntil: 0,
        told: null,
        offered: new Map(),
      };
      seats.set(user.id, seat);
      return personOf(seat);
    },
    userId: (handle) => userNamed(ws, handle).id,
    channel: (name) => channelSight(ws, channelNamed(ws, name)),
    channels: () => [...ws.channels.values()].filter(({ isIm }) => !isIm).map(({ name }) => name),
    mentions: (name) => {
      const channels = name === undefined ? [...ws.channels.values()] : [channelNamed(ws, name)];
      return channels.flatMap((channel) => channel.messages.flatMap((one) => mentionsIn(ws, channel, one)));
    },
  };
}

function adminOf(
  ws: Workspace,
  delivery: Delivery,
): Pick<
  Slack,
  | 'otherApp'
  | 'archive'
  | 'deactivate'
  | 'unarchive'
  | 'renameChannel'
  | 'makeChannelPrivate'
  | 'setTopic'
  | 'deleteChannel'
  | 'shareChannel'
  | 'kickBot'
  | 'deleteMessage'
  | 'makeCanvas'
  | 'deleteCanvases'
> {
  const admin = [...ws.users.keys()][0] ?? '';
  const change =
    <A extends unknown[]>(run: (channel: ReturnType<typeof channelNamed>, ...rest: A) => void) =>
    async (name: string, ...rest: A) => {
      const channel = channelNamed(ws, name);
      run(channel, ...rest);
      await delivery.settled(channel.id);
    };
  return {
    deactivate: (handle) => {
      const user = userNamed(ws, handle);
      ws.users.set(user.id, { ...user, deleted: true });
    },
    archive: change((channel) => archive(ws, channel, admin)),
    unarchive: change((channel) => unarchive(ws, channel, admin)),
    renameChannel: change((channel, name: string) => rename(ws, channel, name, admin)),
    makeChannelPrivate: change((channel) => makePrivate(ws, channel, admin)),
    setTopic: change((channel, topic: string) => describe(ws, channel, 'topic', topic, admin)),
    deleteChannel: change((channel) => destroy(ws, channel)),
    shareChannel: change((channel) => {
      channel.isShared = true;
    }),
    kickBot: change((channel) => leave(ws, channel, ws.app.userId)),
    deleteMessage: change((channel, which: RegExp) =>
      remove(ws, channel, messageMatching(ws, channel, which)),
    ),
    makeCanvas: change((channel, title: string, markdown: string) => {
      addCanvas(ws, { by: admin, title, markdown, channelId: channel.id });
    }),
    deleteCanvases: change((channel) => {
      for (const { id } of canvasesIn(ws, channel.id)) ws.canvases.delete(id);
    }),
    otherApp: (name) => ({
      say: (text, where = {}) =>
        change((channel) => {
          const botId = `B0${name.toUpperCase().replace(/[^A-Z0-9]/g, '')}`;
          post(ws, channel, { botId, username: name, subtype: 'bot_message', text: typed(ws, text) });
        })(where.in ?? 'general'),
    }),
  };
}

function wiresOf(
  delivery: Delivery,
  http: HttpSide,
): Pick<Slack, 'deliveries' | 'mishap' | 'release' | 'redeliver' | 'quiet' | 'close'> {
  return {
    deliveries: delivery.deliveries,
    mishap: (kind, times) => delivery.mishap(kind, times),
    release: () => delivery.release(),
    redeliver: async (eventId) => {
      await delivery.redeliver(eventId);
    },
    quiet: () => delivery.quiet(() => http.busy() > 0),
    close: async () => {
      delivery.close();
      await http.close();
    },
  };
}
