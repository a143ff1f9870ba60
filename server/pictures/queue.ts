/** Runs one work after the other; refuses where `waiting` wait already. */
export interface Queue {
  run<T>(work: () => Promise<T>, refuse: () => Error): Promise<T>
}

export function createQueue(waiting: number): Queue {
  let inside = 0
  let last: Promise<unknown> = Promise.resolve()
  return {
    run: async (work, refuse) => {
      if (inside > waiting) throw refuse()
      inside++
      const mine = last.then(work)
      last = mine.then(
        () => {},
        () => {},
      )
      try {
        return await mine
      } finally {
        inside--
      }
    },
  }
}
