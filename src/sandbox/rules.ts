/**
 * Slack's rules as data. Numbers and error names are from Slack's documentation and from the types of
 * `@slack/types` 3.2; where two sources differ the stricter one stands here, so that what passes here passes there.
 */

/** Calls a minute and method, https://docs.slack.dev/apis/web-api/rate-limits. `special` has its own rule or none. */
export const CALLS_PER_MINUTE = { T2: 20, T3: 50, T4: 100, special: Number.POSITIVE_INFINITY } as const;
type Tier = keyof typeof CALLS_PER_MINUTE;

/** chat.postMessage: one a second and channel, short bursts tolerated; some hundreds a minute for a workspace. */
export const POSTS = { perSecondAndChannel: 1, burst: 20, perMinute: 400 } as const;

const CHANNEL_NAME = { lengthMax: 80, legal: /^[a-z0-9_-]+$/, onlyPunctuation: /^[_-]+$/ } as const;

export const LIMITS = {
  topicLength: 250,
  inviteUsers: 100,
  postTextLength: 40_000,
  updateTextLength: 4_000,
  markdownTextLength: 12_000,
  attachments: 100,
  /** Slack documents a limit without its number; ours is a guess on the safe side. */
  metadataBytes: 8_192,
  historyPage: 999,
  listPage: 1_000,
  pinsPerChannel: 100,
  bookmarksPerChannel: 100,
  reactionsPerMessage: 50,
  viewBytes: 250_000,
  /** Characters; ours refuses more under the name of an error that fits. */
  canvasLength: 1_048_576,
  /** A root and two more. */
  viewsStacked: 3,
} as const;

export const TRIGGER_LIFE_MS = 3_000;
export const RESPONSE_URL = { lifeMs: 30 * 60_000, usesMax: 5 } as const;

/** `features.shortcuts` of a manifest, https://docs.slack.dev/reference/app-manifest. */
export const SHORTCUTS = { perApp: 10, nameLength: 24, idLength: 255 } as const;

/** An event or interaction must be answered within this time. */
export const ANSWER_WITHIN_MS = 3_000;
/** Waits before the second, third and fourth delivery of an event that was not answered with 2xx. */
export const REDELIVER_AFTER_MS = [0, 60_000, 300_000] as const;

/** Socket Mode, https://docs.slack.dev/apis/events-api/using-socket-mode. The life of a ticket is a guess. */
export const SOCKETS = { perApp: 10, ticketLifeMs: 30_000 } as const;

/** Lengths and counts of Block Kit; paths are those of the JSON sent. */
export const BLOCKS = {
  perMessage: 50,
  perView: 100,
  idLength: 255,
  text: 3_000,
  fields: 10,
  fieldText: 2_000,
  headerText: 150,
  actionsElements: 25,
  contextElements: 10,
  buttonText: 75,
  buttonValue: 2_000,
  url: 3_000,
  accessibilityLabel: 75,
  selectOptions: 100,
  optionGroups: 100,
  optionText: 75,
  /** 150 is widely quoted; the types say 75. */
  optionValue: 75,
  overflowOptions: 5,
  choiceOptions: 10,
  placeholder: 150,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  viewTitle: 24,
  privateMetadata: 3_000,
  inputLabel: 2_000,
  inputText: 3_000,
  markdown: 12_000,
  imageText: 2_000,
  tableRows: 100,
  tableCells: 20,
} as const;

/** s text, i integer, b boolean, j JSON (object or list). A `!` after it: required. */
export type ArgKind = 's' | 's!' | 'i' | 'i!' | 'b' | 'j' | 'j!';

export interface MethodRule {
  tier: Tier;
  /** Scopes, any of which is enough; by the kind of conversation where it matters. Empty: none needed. */
  scopes:
    | readonly string[]
    | { public: readonly string[]; private: readonly string[]; im: readonly string[] };
  args: Readonly<Record<string, ArgKind>>;
}

const MANAGE = {
  public: ['channels:manage'],
  private: ['groups:write'],
  im: ['im:write'],
} as const;
const READ = { public: ['channels:read'], private: ['groups:read'], im: ['im:read'] } as const;
const HISTORY = { public: ['channels:history'], private: ['groups:history'], im: ['im:history'] } as const;
const INVITE = {
  public: ['channels:manage', 'channels:write.invites'],
  private: ['groups:write', 'groups:write.invites'],
  im: ['im:write'],
} as const;
const TOPIC = {
  public: ['channels:manage', 'channels:write.topic'],
  private: ['groups:write', 'groups:write.topic'],
  im: ['im:write.topic'],
} as const;
const PAGE = { limit: 'i', cursor: 's' } as const;
const RANGE = { oldest: 's', latest: 's', inclusive: 'b', include_all_metadata: 'b' } as const;
const CONTENT = {
  text: 's',
  blocks: 'j',
  attachments: 'j',
  markdown_text: 's',
  metadata: 'j',
  link_names: 'b',
  parse: 's',
} as const;
const POST = {
  ...CONTENT,
  mrkdwn: 'b',
  unfurl_links: 'b',
  unfurl_media: 'b',
  unfurl_app_links: 'b',
} as const;
const MODAL = { trigger_id: 's!', view: 'j!' } as const;
const CHAT = ['chat:write'] as const;
const CANVAS = ['canvases:write'] as const;

/** Every method this Slack knows; another is `unknown_method`. */
export const METHODS: Readonly<Record<string, MethodRule>> = {
  'auth.test': { tier: 'special', scopes: [], args: {} },
  'users.info': { tier: 'T4', scopes: ['users:read'], args: { user: 's!', include_locale: 'b' } },
  'users.list': { tier: 'T2', scopes: ['users:read'], args: { ...PAGE, include_locale: 'b' } },
  'dnd.info': { tier: 'T3', scopes: ['dnd:read'], args: { user: 's' } },
  'users.lookupByEmail': { tier: 'T3', scopes: ['users:read.email'], args: { email: 's!' } },
  'users.conversations': {
    tier: 'T3',
    scopes: READ,
    args: { ...PAGE, user: 's', types: 's', exclude_archived: 'b' },
  },
  'usergroups.list': {
    tier: 'T2',
    scopes: ['usergroups:read'],
    args: { include_users: 'b', include_count: 'b', include_disabled: 'b' },
  },
  'usergroups.users.list': {
    tier: 'T2',
    scopes: ['usergroups:read'],
    args: { usergroup: 's!', include_disabled: 'b' },
  },
  'usergroups.users.update': {
    tier: 'T2',
    scopes: ['usergroups:write'],
    args: { usergroup: 's!', users: 's!', include_count: 'b' },
  },
  'conversations.create': { tier: 'T2', scopes: MANAGE, args: { name: 's', is_private: 'b' } },
  'conversations.join': { tier: 'T3', scopes: ['channels:join'], args: { channel: 's!' } },
  'conversations.info': {
    tier: 'T3',
    scopes: READ,
    args: { channel: 's!', include_locale: 'b', include_num_members: 'b' },
  },
  'conversations.list': { tier: 'T2', scopes: READ, args: { ...PAGE, types: 's', exclude_archived: 'b' } },
  'conversations.members': { tier: 'T4', scopes: READ, args: { ...PAGE, channel: 's!' } },
  'conversations.open': {
    tier: 'T3',
    scopes: ['im:write'],
    args: { channel: 's', users: 's', return_im: 'b', prevent_creation: 'b' },
  },
  'conversations.invite': { tier: 'T3', scopes: INVITE, args: { channel: 's!', users: 's', force: 'b' } },
  'conversations.setTopic': { tier: 'T2', scopes: TOPIC, args: { channel: 's!', topic: 's!' } },
  'conversations.setPurpose': { tier: 'T2', scopes: TOPIC, args: { channel: 's!', purpose: 's!' } },
  'conversations.rename': { tier: 'T2', scopes: MANAGE, args: { channel: 's!', name: 's' } },
  'conversations.history': { tier: 'T3', scopes: HISTORY, args: { ...PAGE, ...RANGE, channel: 's!' } },
  'conversations.replies': {
    tier: 'T3',
    scopes: HISTORY,
    args: { ...PAGE, ...RANGE, channel: 's!', ts: 's!' },
  },
  'chat.postMessage': {
    tier: 'special',
    scopes: CHAT,
    args: {
      ...POST,
      channel: 's!',
      thread_ts: 's',
      reply_broadcast: 'b',
      client_msg_id: 's',
    },
  },
  'chat.update': {
    tier: 'T3',
    scopes: CHAT,
    args: { ...CONTENT, channel: 's!', ts: 's!', reply_broadcast: 'b' },
  },
  'chat.delete': { tier: 'T3', scopes: CHAT, args: { channel: 's!', ts: 's!' } },
  'chat.postEphemeral': {
    tier: 'T4',
    scopes: CHAT,
    args: { ...CONTENT, channel: 's!', user: 's!', thread_ts: 's' },
  },
  'chat.getPermalink': { tier: 'special', scopes: [], args: { channel: 's!', message_ts: 's!' } },
  'pins.add': { tier: 'T2', scopes: ['pins:write'], args: { channel: 's!', timestamp: 's' } },
  'pins.remove': { tier: 'T2', scopes: ['pins:write'], args: { channel: 's!', timestamp: 's' } },
  'pins.list': { tier: 'T2', scopes: ['pins:read'], args: { channel: 's!' } },
  'bookmarks.add': {
    tier: 'T2',
    scopes: ['bookmarks:write'],
    args: { channel_id: 's!', title: 's!', type: 's!', link: 's', emoji: 's' },
  },
  'bookmarks.list': {
    tier: 'T3',
    scopes: ['bookmarks:read'],
    args: { channel_id: 's!' },
  },
  'bookmarks.edit': {
    tier: 'T2',
    scopes: ['bookmarks:write'],
    args: { channel_id: 's!', bookmark_id: 's!', title: 's', link: 's', emoji: 's' },
  },
  'bookmarks.remove': {
    tier: 'T2',
    scopes: ['bookmarks:write'],
    args: { channel_id: 's!', bookmark_id: 's!' },
  },
  'reactions.add': {
    tier: 'T3',
    scopes: ['reactions:write'],
    args: { channel: 's!', timestamp: 's!', name: 's!' },
  },
  'reactions.remove': {
    tier: 'T2',
    scopes: ['reactions:write'],
    args: { channel: 's', timestamp: 's', name: 's!' },
  },
  'files.getUploadURLExternal': {
    tier: 'T4',
    scopes: ['files:write'],
    args: { filename: 's!', length: 'i!', alt_text: 's', snippet_type: 's' },
  },
  'files.completeUploadExternal': {
    tier: 'T4',
    scopes: ['files:write'],
    args: { files: 'j!', channel_id: 's', channels: 's', thread_ts: 's', initial_comment: 's', blocks: 'j' },
  },
  'files.info': { tier: 'T4', scopes: ['files:read'], args: { ...PAGE, file: 's!' } },
  'canvases.create': {
    tier: 'T2',
    scopes: CANVAS,
    args: { title: 's', document_content: 'j', channel_id: 's' },
  },
  'canvases.edit': { tier: 'T3', scopes: CANVAS, args: { canvas_id: 's!', changes: 'j!' } },
  'canvases.access.set': {
    tier: 'T3',
    scopes: CANVAS,
    args: { canvas_id: 's!', access_level: 's!', channel_ids: 'j', user_ids: 'j' },
  },
  'canvases.sections.lookup': {
    tier: 'T3',
    scopes: ['canvases:read'],
    args: { canvas_id: 's!', criteria: 'j!' },
  },
  'views.open': { tier: 'T4', scopes: [], args: MODAL },
  'views.push': { tier: 'T4', scopes: [], args: MODAL },
  'views.update': {
    tier: 'T4',
    scopes: [],
    args: { view: 'j!', view_id: 's', external_id: 's', hash: 's' },
  },
  'views.publish': { tier: 'T4', scopes: [], args: { user_id: 's!', view: 'j!', hash: 's' } },
};

/** Scopes an app installed from a complete manifest has. `chat:write.public` is left out on purpose. */
export const ALL_SCOPES: readonly string[] = [
  ...new Set(
    Object.values(METHODS).flatMap(({ scopes }) =>
      'public' in scopes ? [...scopes.public, ...scopes.private, ...scopes.im] : scopes,
    ),
  ),
  'commands',
  'app_mentions:read',
  'reactions:read',
];

/** Accepted on every method: the token in the body, and the team that Bolt's listener client adds to every call. */
export const COMMON_ARGS: readonly string[] = ['token', 'team_id'];

/** Why Slack would not take this as a channel's name, or null. */
export function channelNameError(name: string): string | null {
  if (name.trim() === '') return 'invalid_name_required';
  if (name.length > CHANNEL_NAME.lengthMax) return 'invalid_name_maxlength';
  if (!CHANNEL_NAME.legal.test(name)) return 'invalid_name_specials';
  return CHANNEL_NAME.onlyPunctuation.test(name) ? 'invalid_name_punctuation' : null;
}
