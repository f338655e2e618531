import { oneLine } from './message.ts';

const known: Readonly<Record<string, string>> = {
  'no-channel': 'the incident has no channel of its own',
  'in-doubt':
    'Slack did not answer when one was made; if it is there, among the tabs of this channel, it stays as it is',
  'too-long': 'the draft is longer than a canvas may be',
  missing_scope:
    'the app lacks the permissions canvases:read and canvases:write; to give it them, install it again from manifest.yml',
  canvas_disabled_user_team: 'canvases are switched off in this workspace',
  restricted_action: 'this workspace does not let apps make or change them',
  team_tier_cannot_create_channel_canvases: "Slack's plan here has none",
  free_teams_cannot_create_non_tabbed_canvases: "Slack's plan here has none",
  free_teams_cannot_edit_standalone_canvases: "Slack's plan here does not let it be changed",
  free_team_canvas_tab_already_exists: "this channel has one already, and Slack's plan here allows no second",
  channel_canvas_already_exists: 'this channel has one already',
};

/** Why a draft that should be a canvas comes as a file. `word` is ours or Slack's. One sentence. */
export const canvasProblem = (word: string): string =>
  `It is no canvas: ${(Object.hasOwn(known, word) && known[word]) || `Slack refused one (${oneLine(word, 80, 'no reason given')})`}.`;
