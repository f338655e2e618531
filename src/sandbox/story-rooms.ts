/** The channel of the alert's incident, by the beginning of its name. */
export const room = { in: 'inc-20260302-1-' };
/** The channel of what Finn declares, until it is merged. */
export const secondRoom = { in: 'inc-20260302-2-' };
/** The channel of the alert at the end of the night. */
export const thirdRoom = { in: 'inc-20260302-3-' };
