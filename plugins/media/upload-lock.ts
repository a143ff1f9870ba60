import { ERRORS, type Lock, type Locker } from '@tus/server'

const patienceMs = 30_000

/** One request at a time for each upload; who holds it is asked to let go when another comes. */
export class UploadLocker implements Locker {
  readonly #held = new Map<string, { letGo: () => void; released: Promise<void>; release: () => void }>()

  newLock(id: string): Lock {
    const held = this.#held
    return {
      lock: async (signal, letGo) => {
        const until = Date.now() + patienceMs
        for (let other = held.get(id); other; other = held.get(id)) {
          other.letGo()
          await within(until - Date.now(), other.released)
          if (signal.aborted) throw ERRORS.ABORTED
        }
        const { promise: released, resolve: release } = Promise.withResolvers<void>()
        held.set(id, { letGo: () => void letGo(), released, release })
      },
      unlock: async () => {
        const own = held.get(id)
        held.delete(id)
        own?.release()
      },
    }
  }
}

async function within(ms: number, released: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(ERRORS.ERR_LOCK_TIMEOUT), Math.max(0, ms))
  })
  await Promise.race([released, late]).finally(() => clearTimeout(timer))
}
