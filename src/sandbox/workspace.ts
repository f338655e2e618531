import type { Clock } from '../clock.ts';
import type { Json } from './json.ts';
import type { Shortcut } from './shortcuts.ts';

export interface User {
  id: string;
  /** The handle, as in `@ana`. */
  name: string;
  realName: string;
  email: string;
  /** IANA name. */
  tz: string;
  /** Seconds east of UTC. */
  tzOffset: number;
  isBot: boolean;
  isRestricted: boolean;
  isUltraRestricted: boolean;
  deleted: boolean;
  /** Of another workspace, or (Enterprise Grid) at home in another one. Default: of this one. */
  teamId?: string;
  /** Of another organisation, met in a shared channel. */
  isStranger?: boolean;
  /** Do-not-disturb, scheduled or paused, epoch ms. Default: off. */
  quiet?: { from: number; until: number };
}

export interface Message {
  ts: string;
  channelId: string;
  userId: string | null;
  botId: string | null;
  appId: string | null;
  /** The name an integration posts under. */
  username: string | null;
  subtype: string | null;
  text: string;
  blocks: Json[];
  threadTs: string | null;
  isBroadcast: boolean;
  metadata: Json | null;
  edited: { user: string; ts: string } | null;
  /** Emoji name -> ids of those who reacted. */
  reactions: Map<string, string[]>;
  files: Json[];
  /** What a subtype carries besides (topic, inviter, old_name ...). */
  extra: Json;
}

export interface Bookmark {
  id: string;
  title: string;
  link: string;
  emoji: string;
  createdAt: number;
  updatedAt: number;
}

export interface Described {
  value: string;
  creator: string;
  setAt: number;
}

export interface Channel {
  id: string;
  name: string;
  previousNames: string[];
  isPrivate: boolean;
  /** A direct message between exactly two members. */
  isIm: boolean;
  isGeneral: boolean;
  isArchived: boolean;
  /** Shared with another organisation. */
  isShared?: boolean;
  creator: string;
  createdAt: number;
  topic: Described;
  purpose: Described;
  members: Set<string>;
  /** In the order of their `ts`. */
  messages: Message[];
  /** Parent ts -> its replies, oldest first. */
  replies: Map<string, Message[]>;
  pins: { ts: string; by: string; at: number }[];
  bookmarks: Bookmark[];
  /** Last `ts` given out here, in microseconds. */
  lastMicros: number;
}

/** A message that only one person sees, until it is replaced, dismissed or the end of time. */
export interface Ephemeral {
  ts: string;
  channelId: string;
  userId: string;
  text: string;
  blocks: Json[];
  threadTs: string | null;
  isDeleted: boolean;
  /** Grows with every change, over all of them: tells what somebody has not read yet. */
  version: number;
}

export interface View {
  id: string;
  userId: string;
  type: 'modal' | 'home';
  hash: string;
  /** The view as the app sent it. */
  body: Json;
  rootId: string;
  previousId: string | null;
  /** block_id -> action_id -> what the person entered; laid over the initial values. */
  entered: Map<string, Map<string, Json>>;
  errors: Record<string, string>;
}

interface Trigger {
  userId: string;
  createdAt: number;
  isUsed: boolean;
}

export interface ResponseUrl {
  channelId: string;
  userId: string;
  createdAt: number;
  uses: number;
  /** The message or ephemeral that was clicked; null for a command. */
  source: { ts: string; isEphemeral: boolean } | null;
}

export interface UserGroup {
  id: string;
  handle: string;
  name: string;
  users: string[];
}

export interface StoredFile {
  id: string;
  name: string;
  title: string;
  userId: string;
  createdAt: number;
  length: number;
  content: Buffer | null;
  isComplete: boolean;
  channels: string[];
}

export interface Canvas {
  id: string;
  /** Who made it, and owns it. */
  by: string;
  title: string;
  markdown: string;
  /** The channel it is a tab of. */
  channelId: string | null;
  /** Of the members of that channel. */
  access: 'read' | 'write';
  at: number;
}

/** Everything a workspace knows. Plain state: `channels.ts` and `messages.ts` change it, `methods/` judge first. */
export interface Workspace {
  clock: Clock;
  team: { id: string; name: string; domain: string };
  /** The Enterprise Grid organisation that the workspace belongs to. */
  enterprise?: { id: string; name: string };
  /** The app was installed for the whole organisation. */
  isOrgInstall?: boolean;
  app: {
    id: string;
    botId: string;
    userId: string;
    displayName: string;
    commands: readonly string[];
    shortcuts: readonly Shortcut[];
    /** `home_tab_enabled` of the manifest. */
    hasHome: boolean;
  };
  scopes: ReadonlySet<string>;
  forbidChannels: boolean;
  canvasPlan: 'paid' | 'free' | 'off';
  users: Map<string, User>;
  channels: Map<string, Channel>;
  groups: Map<string, UserGroup>;
  files: Map<string, StoredFile>;
  canvases: Map<string, Canvas>;
  views: Map<string, View>;
  /** User id -> ids of the open modals, the visible one last. */
  modals: Map<string, string[]>;
  /** User id -> the published Home tab. */
  homes: Map<string, string>;
  ephemerals: Ephemeral[];
  triggers: Map<string, Trigger>;
  responseUrls: Map<string, ResponseUrl>;
  /** Where this Slack listens, `http://127.0.0.1:port`. */
  baseUrl: string;
  /** Hands an event to delivery; replaced when delivery starts. */
  publish: (event: Json) => void;
  /** The next number of a kind; ids are made of it, so a run is repeatable. */
  nextNumber: () => number;
}

export function newWorkspace(
  clock: Clock,
  app: Workspace['app'],
  scopes: ReadonlySet<string>,
  forbidChannels: boolean,
): Workspace {
  let last = 0;
  return {
    clock,
    team: { id: 'T0SANDBOX', name: 'Sandbox', domain: 'sandbox' },
    app,
    scopes,
    forbidChannels,
    canvasPlan: 'paid',
    users: new Map(),
    channels: new Map(),
    groups: new Map(),
    files: new Map(),
    canvases: new Map(),
    views: new Map(),
    modals: new Map(),
    homes: new Map(),
    ephemerals: [],
    triggers: new Map(),
    responseUrls: new Map(),
    baseUrl: '',
    publish: () => {},
    nextNumber: () => ++last,
  };
}

/** An id as Slack makes them: a letter for the kind, then capitals and digits. */
export function newId(ws: Workspace, kind: string): string {
  return `${kind}0${ws.nextNumber().toString(36).toUpperCase().padStart(6, '0')}`;
}

/** The next message timestamp of a channel, `seconds.micros`: unique there, increasing, and close to the clock. */
export function nextTs(ws: Workspace, channel: Channel): string {
  channel.lastMicros = Math.max(ws.clock.now() * 1000, channel.lastMicros + 100);
  return microsToTs(channel.lastMicros);
}

function microsToTs(micros: number): string {
  return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`;
}

/** Epoch ms of a message timestamp. */
export function tsToMs(ts: string): number {
  return Math.floor(Number(ts) * 1000);
}

/** Seconds since the epoch, as Slack writes times other than `ts`. */
export function seconds(at: number): number {
  return Math.floor(at / 1000);
}
