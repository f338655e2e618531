import type { User } from './workspace.ts';

/** A handle, or a handle and what differs from the ordinary. */
export type PersonOption = string | ({ name: string } & Partial<User>);

export const DEFAULT_PEOPLE: readonly PersonOption[] = ['ana', 'bea', 'cai', 'dana'];

/** A user with an id and an e-mail made of the handle, in UTC unless it says otherwise. */
export function userFrom(option: PersonOption): User {
  const given = typeof option === 'string' ? { name: option } : option;
  const { name } = given;
  return {
    id: `U0${name.toUpperCase().replace(/[^A-Z0-9]/g, '')}`,
    realName: name.charAt(0).toUpperCase() + name.slice(1),
    email: `${name}@example.com`,
    tz: 'Etc/UTC',
    tzOffset: 0,
    isBot: false,
    isRestricted: false,
    isUltraRestricted: false,
    deleted: false,
    ...given,
  };
}
