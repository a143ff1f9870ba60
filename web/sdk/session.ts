import { computed, signal } from '@preact/signals'
import { identity } from '#contract'
import { boot } from './boot.ts'
import { call, whenSignedOut } from './call.ts'
import { ProblemError } from './problem-error.ts'
import { forgetQueries } from './query.ts'
import { reconnect } from './realtime.ts'

const current = signal<identity.Me | null>(boot.me)

/** The signed-in account, or null; read `.value` to follow it. */
export const me = computed(() => current.value)

/** True when the signed-in account holds the permission. */
export function can(permission: string): boolean {
  return current.value?.permissions.includes(permission) ?? false
}

/** Takes over an account the server has just signed in (or out, by null): data and sockets follow. */
export function setMe(next: identity.Me | null): void {
  const isOther = next?.id !== current.peek()?.id
  current.value = next
  if (!isOther) return
  forgetQueries()
  reconnect()
}

/** Signs in by e-mail address or username; throws ProblemError `identity.wrong-credentials`. */
export async function signIn(login: string, password: string): Promise<void> {
  setMe((await call(identity.login, { body: { login, password } })).account)
}

/** Ends this session everywhere on this page. */
export async function signOut(): Promise<void> {
  await call(identity.logout)
  setMe(null)
}

/** Asks who is signed in; signed out is no error. */
export async function reloadMe(): Promise<void> {
  try {
    setMe(await call(identity.me))
  } catch (error) {
    if (!(error instanceof ProblemError) || error.status !== 401) throw error
    setMe(null)
  }
}

export interface Session {
  me: identity.Me | null
  can(permission: string): boolean
  signIn(login: string, password: string): Promise<void>
  signOut(): Promise<void>
}

/** Who is signed in and what they may do; the component that asks follows it. */
export function useSession(): Session {
  return { me: current.value, can, signIn, signOut }
}

// The session ended elsewhere or ran out: pages that need one then send the reader to sign in and back.
whenSignedOut(() => {
  if (current.peek()) setMe(null)
})
