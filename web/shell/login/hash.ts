import { useEffect, useState } from 'preact/hooks'
import type { identity } from '#contract'

/** What stands behind the `#` of an address as names and values; `#main` and the like are none. */
export function parseHash(hash: string): Record<string, string> {
  const text = hash.replace(/^#/, '')
  return text.includes('=') ? Object.fromEntries(new URLSearchParams(text)) : {}
}

function takeHash(): Record<string, string> {
  const found = parseHash(location.hash)
  if (Object.keys(found).length > 0) history.replaceState(null, '', location.pathname + location.search)
  return found
}

/**
 * The secrets a link carries behind its `#`, taken once and out of the address at once: no history, bookmark or
 * picture of the screen keeps them. A second link opened in the same tab is taken, too.
 */
export function useHash(): Record<string, string> {
  const [taken, setTaken] = useState(takeHash)
  useEffect(() => {
    const again = () => {
      const found = takeHash()
      if (Object.keys(found).length > 0) setTaken(found)
    }
    addEventListener('hashchange', again)
    return () => removeEventListener('hashchange', again)
  }, [])
  return taken
}

type Way = identity.SecondFactorTicket['methods'][number]
const WAYS: readonly Way[] = ['totp', 'passkey', 'recovery']

/** The ticket of a second step, from a problem's members or from `#ticket=…&methods=totp,passkey`; null: none. */
export function ticketOf(from: Record<string, unknown>): identity.SecondFactorTicket | null {
  const { ticket, methods } = from
  if (typeof ticket !== 'string' || ticket === '') return null
  const named = typeof methods === 'string' ? methods.split(',') : Array.isArray(methods) ? methods : []
  const known = WAYS.filter((way) => named.includes(way))
  return { ticket, methods: known.length > 0 ? known : ['totp', 'recovery'] }
}
