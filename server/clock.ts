/** The time of day, given to whatever decides by it so that tests can turn it. */
export interface Clock {
  now(): Date
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => new Date() }
