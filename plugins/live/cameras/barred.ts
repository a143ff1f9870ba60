/** Somebody put off the air does not come back by the encoder's own reconnecting. */
const barredMs = 10_000

/** Publishers that were just put off the air, by key and camera. */
export class Barred {
  readonly #until = new Map<string, number>()

  add(keyId: string, camera: number): void {
    this.#until.set(`${keyId} ${camera}`, Date.now() + barredMs)
  }

  has(keyId: string, camera: number): boolean {
    const name = `${keyId} ${camera}`
    const until = this.#until.get(name) ?? 0
    if (until <= Date.now()) this.#until.delete(name)
    return until > Date.now()
  }
}
