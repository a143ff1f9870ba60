import { computed, signal } from '@preact/signals'
import { identity } from '#contract'
import { boot } from './boot.ts'
import { accountChanged, call, whenSignedOut } from './call.ts'
import { setTimeZone } from './format.ts'
import { setLanguage } from './language.ts'
import { navigate } from './location.ts'
import { ProblemError } from './problem-error.ts'
import { forgetQueries } from './query.ts'
import { reconnect, whenSessionEnds } from './realtime.ts'
import { setTheme, type Theme, theme } from './theme.ts'

const current = signal<identity.Me | null>(boot.me)
setTimeZone(boot.me?.timeZone ?? null)

/** The signed-in account, or null; read `.value` to follow it. */
export const me = computed(() => current.value)

/** True when the signed-in account holds the permission, or one of several. */
export function can(permission: string | readonly string[]): boolean {
  const held = current.value?.permissions ?? []
  return [permission].flat().some((name) => held.includes(name))
}

/** Takes over an account the server has just signed in (or out, by null): data, sockets and the look follow. */
export function setMe(next: identity.Me | null): void {
  const isOther = next?.id !== current.peek()?.id
  current.value = next
  setTimeZone(next?.timeZone ?? null)
  if (!isOther) return
  accountChanged()
  followTheme()
  if (next?.language) setLanguage(next.language)
  forgetQueries()
  reconnect()
}

/** Signs in by e-mail address or username; throws ProblemError `identity.wrong-credentials`. */
export async function signIn(login: string, password: string): Promise<void> {
  setMe((await call(identity.login, { body: { login, password } })).account)
}

/** The account's theme holds on all its devices; asked at the start and on sign-in. */
export function followTheme(): void {
  const chosen = current.peek()?.theme
  if (chosen && chosen !== theme.peek()) setTheme(chosen)
}

/** Switches the look at once, and keeps it with the account where somebody is signed in. */
export function keepLook(look: { theme?: Theme; language?: identity.Language }): void {
  if (look.theme) setTheme(look.theme)
  if (look.language) setLanguage(look.language)
  if (!current.peek()) return
  // The page has the look already; the account gets it with the next choice at the latest.
  call(identity.updateMe, { body: look }).then(setMe, () => undefined)
}

/** Ends this session everywhere on this page. */
export async function signOut(): Promise<void> {
  await call(identity.logout)
  setMe(null)
}

/** Goes on without the account, whose sessions have ended: away first, so that no page asks for what was its. */
export async function leaveTo(path: string): Promise<void> {
  navigate(path)
  await new Promise((resolve) => setTimeout(resolve))
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
  can(permission: string | readonly string[]): boolean
  signIn(login: string, password: string): Promise<void>
  signOut(): Promise<void>
}

/** Who is signed in and what they may do; the component that asks follows it. */
export function useSession(): Session {
  return { me: current.value, can, signIn, signOut }
}

// The session ended elsewhere or ran out: pages that need one then send the reader to sign in and back.
for (const when of [whenSignedOut, whenSessionEnds])
  when(() => {
    if (current.peek()) setMe(null)
  })
