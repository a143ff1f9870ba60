import { setTimeout as delay } from 'node:timers/promises'

/** Asks again until there is an answer; says what was missed when it takes too long. Errors of `ask` end it. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  withinMs = 20_000,
): Promise<T> {
  const until = Date.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (Date.now() > until) throw new Error(`${what}: it did not happen within ${withinMs / 1000} s`)
    await delay(50)
  }
}
