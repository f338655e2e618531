import type { Address } from '../../oncall/address.ts';
import { type Desk, onDuty } from '../../oncall/desk.ts';
import type { Context } from '../context.ts';
import { wordOf } from '../retry.ts';
import type { DeskPerformer } from './desk.ts';
import { usersAt } from './targets.ts';

/** Somebody on call, and who that is in Slack. */
interface Found {
  member: Address;
  users: string[];
}

/**
 * Absolute: the user group gets whoever is on call when it is performed. Slack refuses a whole list for one member who
 * may not be in it: the others are kept, and the desk is told who is missing. With nobody left the group stays as it
 * is, for none may be empty.
 */
export const syncGroup: DeskPerformer<'sync-group'> = {
  send: async (context, { group }, { desk }) => {
    const found = await onCallNow(context, desk);
    const isAllowed = await allowed(context, found, isKnownMember);
    const after = await put(context, group, found, isAllowed);
    const missing = found
      .filter(({ member, users }) => member.kind !== 'phone' && !users.some((user) => after.has(user)))
      .map(({ member }) => member);
    const isNews = missing.length + (desk.notInGroup?.length ?? 0) > 0;
    if (!isNews && after.size === 0) return { did: 'cancelled', why: 'nobody in Slack is on call' };
    return isNews
      ? { did: 'done', report: { type: 'note-group', group, missing, others: [...after] } }
      : { did: 'done' };
  },
};

async function onCallNow(context: Context, desk: Desk): Promise<Found[]> {
  const duty = onDuty(desk, context.clock.now());
  const { primary = [], secondary = [] } = duty?.also ?? {};
  const members = [duty?.primary ?? null, duty?.secondary ?? null, ...primary, ...secondary];
  return Promise.all(
    members
      .filter((one) => one !== null)
      .map(async (member) => ({ member, users: await usersAt(context, member) })),
  );
}

/** Who is in it afterwards. Whom we took for a member and Slack does not is asked about once more. */
async function put(context: Context, group: string, found: Found[], users: Set<string>) {
  try {
    await update(context, group, users);
    return users;
  } catch (error) {
    if (!invalidWords.includes(wordOf(error) ?? '')) throw error;
    const fewer = await allowed(context, found, isMemberNow);
    // The same list would be refused again: that stands in doctor.
    if (fewer.size >= users.size) throw error;
    await update(context, group, fewer);
    return fewer;
  }
}

/** What Slack says of a list with somebody in it who may not be. */
const invalidWords: readonly string[] = ['invalid_users', 'user_is_bot', 'user_is_restricted'];

const update = async ({ slack }: Context, group: string, users: Set<string>): Promise<void> => {
  if (users.size > 0) await slack.usergroups.users.update({ usergroup: group, users: [...users].join(',') });
};

type IsMember = (context: Context, user: string) => Promise<boolean>;

async function allowed(context: Context, found: Found[], isMember: IsMember): Promise<Set<string>> {
  const users = [...new Set(found.flatMap((one) => one.users))];
  const asked = await Promise.all(users.map(async (user) => ((await isMember(context, user)) ? [user] : [])));
  return new Set(asked.flat());
}

/** Unknown because Slack did not say: then the update tells. */
const isKnownMember: IsMember = async ({ people }, user) => {
  const person = await people.find(user).catch(() => undefined);
  return person === undefined || (person?.isMember ?? false);
};

const isMemberNow: IsMember = async ({ people }, user) =>
  (await people.lookUp(user))?.person.isMember ?? false;
