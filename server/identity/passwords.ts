/** Its native code is loaded with the first password. */
const argon2 = () => import('@node-rs/argon2')

// Three times the passes of OWASP’s first choice at the same 46 MiB; four at a time take 184 MiB, for a moment.
const strong = { memoryCost: 47_104, timeCost: 3, parallelism: 1 }
let parameters = strong
let decoy: Promise<string> | undefined

/** For tests of other things than hashing, in their own process; no setting leads here. */
export function hashCheaply(isCheap: boolean): void {
  parameters = isCheap ? { memoryCost: 64, timeCost: 1, parallelism: 1 } : strong
  decoy = undefined
}

/** argon2id in PHC form; parameters travel inside. */
export async function hashPassword(password: string): Promise<string> {
  const { hash } = await argon2()
  return hash(password, parameters)
}

/** Checks a password. With no stored hash it does the same work and answers false, so that both take as long. */
export async function checkPassword(stored: string | null, password: string): Promise<boolean> {
  const { verify } = await argon2()
  decoy ??= hashPassword('no account has this password')
  const hash = stored?.startsWith('$argon2') ? stored : null
  const isRight = await verify(hash ?? (await decoy), password)
  return hash !== null && isRight
}

/** Whether a hash was made with weaker parameters than today's; it is made anew at the next right password. */
export function isOutdated(stored: string): boolean {
  const [, memory, time] = /m=(\d+),t=(\d+)/.exec(stored) ?? []
  return Number(memory) < parameters.memoryCost || Number(time) < parameters.timeCost
}
