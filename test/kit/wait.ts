import { setTimeout as delay } from 'node:timers/promises'

/**
 * Much longer than anything takes, so that a busy machine fails nothing; less than the minute after which pages look
 * by themselves for what they were not told.
 */
export const patienceMs = 40_000

/** What a promise gives; fails where it takes longer than something that is looked at only now and then would. */
export async function soon<T>(what: string, promise: Promise<T>, withinMs = 10_000): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${what}: it did not happen within ${withinMs / 1000} s`)),
      withinMs,
    )
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/** Asks again until there is an answer; says what was missed when it takes too long. Errors of `ask` end it. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  withinMs = patienceMs,
): Promise<T> {
  const until = Date.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (Date.now() > until) throw new Error(`${what}: it did not happen within ${withinMs / 1000} s`)
    await delay(50)
  }
}
