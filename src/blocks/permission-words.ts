import type { Deed, KindOfPerson } from '../incident/permissions.ts';

const forGuests: Readonly<Record<Deed, string>> = {
  look: 'Guests cannot see this. Nothing changed. Ask a member of this workspace.',
  work: 'Guests cannot do this. Nothing changed. Ask a member of this workspace.',
  declare:
    'Guests cannot declare incidents: they may not see the channel that opens. Nothing changed. Tell a member of this workspace what is wrong, and they declare it.',
  seclude:
    'Guests cannot make an incident private: it would move to a new channel. Nothing changed. Ask a member of this workspace.',
  'change-on-call':
    'Guests are not on call here, and cannot change who is. Nothing changed. Ask a member of this workspace.',
  mend: 'How Tocsin itself is doing is for members of this workspace. Nothing changed. Ask one of them.',
};

/** Why somebody may not do this, and what they can do about it. */
export function notAllowed(kind: Exclude<KindOfPerson, 'member'>, deed: Deed): string {
  switch (kind) {
    case 'guest':
      return forGuests[deed];
    case 'external':
      return 'Only members of the workspace that runs Tocsin can do this. Nothing changed.';
    case 'deactivated':
      return 'Your account in this workspace is deactivated. Nothing changed. Ask an admin of the workspace to activate it.';
    case 'bot':
      return 'Bots and apps cannot do this. Nothing changed. Ask a member of this workspace.';
  }
}
