import { hash, verify } from '@node-rs/argon2'

// OWASP's argon2id profile of 19 MiB, two passes, one lane.
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

let decoy: Promise<string> | undefined

/** argon2id in PHC form; parameters travel inside. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, parameters)
}

/** Checks a password. With no stored hash it does the same work and answers false, so that both take as long. */
export async function checkPassword(stored: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword('no account has this password')
  const isRight = await verify(stored ?? (await decoy), password)
  return stored !== null && isRight
}
