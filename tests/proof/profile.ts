/** How much is tried. `short` takes less than five minutes and runs with every change; `full` is what the README's table shows. */
export interface Profile {
  name: 'short' | 'full';
  /** Seeds of the simulation, for each fault profile: killed at so many random moments of a long story, */
  seeds: number;
  momentsPerSeed: number;
  /** and killed at every step of a short one, */
  steppedSeeds: number;
  /** and of one of three incidents, which has some hundreds of them, */
  steppedOfThree: number;
  /** or with a disk that fails at one step of so many; a prime, because steps come in pairs. */
  diskEvery: number;
  /** Processes killed at a random moment. */
  kills: number;
  /** Pairs of processes that want the same directory. */
  races: number;
  /** Sequences of commands, events and clicks against the model. */
  sequences: number;
  /** Scripts of a clock that jumps, sleeps and loses ticks. */
  clocks: number;
  /** Size of the database that is restored, MB. */
  restoreMb: number;
  /** Requests that are forged, changed or sent again, of each kind. */
  hostile: number;
  /** Texts that want to be markup, each through every renderer. */
  texts: number;
}

const short: Profile = {
  name: 'short',
  seeds: 4,
  momentsPerSeed: 2,
  steppedSeeds: 1,
  steppedOfThree: 0,
  diskEvery: 37,
  kills: 50,
  races: 100,
  sequences: 12,
  clocks: 100,
  restoreMb: 50,
  hostile: 1_000,
  texts: 250,
};

const full: Profile = {
  name: 'full',
  seeds: 200,
  momentsPerSeed: 2,
  steppedSeeds: 200,
  steppedOfThree: 1,
  diskEvery: 13,
  kills: 200,
  races: 500,
  sequences: 1_000,
  clocks: 10_000,
  restoreMb: 1_000,
  hostile: 10_000,
  texts: 10_000,
};

export const profile: Profile = process.env.PROOF_PROFILE === 'full' ? full : short;
