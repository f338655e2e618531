import type { Control } from './control.ts';
import type { Room } from './room.ts';
import type { Sight } from './sight.ts';
import type { Reads } from './unread.ts';

/** Everything that a part of the page is drawn from. */
export interface Scene {
  room: Room;
  control: Control;
  reads: Reads;
  sight: Sight;
}
