import { admin } from '#contract'
import { requireRecent } from '../begin-session.ts'
import type { IdentityParts } from '../parts.ts'
import type { Doors } from './doors.ts'
import { callbackUrl, listProviderRows, type ProviderRow, removeProvider, saveProvider } from './providers.ts'

/** Which other accounts may be signed in with; a secret goes in and never comes out. */
export function providerRoutes(parts: IdentityParts, doors: Doors): void {
  const { db, router } = parts
  router.handle(admin.listProviderSettings, async () => ({
    items: (await listProviderRows(db)).map((row) => presentProvider(parts, row)),
  }))

  router.handle(admin.setProvider, async ({ params, body }, call) => {
    await requireRecent(parts, call)
    const check = (row: ProviderRow) => doors(row).check(row)
    return presentProvider(parts, await saveProvider(parts, params.name, body, { actor: call.me, check }))
  })

  router.handle(admin.removeProvider, async ({ params }, call) => {
    await requireRecent(parts, call)
    await removeProvider(parts, params.name, call.me)
  })
}

/** A provider's settings without its secret. */
export function presentProvider(
  parts: { site: { url: string } },
  { name, kind, title, clientId, clientSecret, issuer, isEnabled }: ProviderRow,
): admin.ProviderSettings {
  const hasSecret = clientSecret !== null
  return { name, kind, title, clientId, hasSecret, issuer, isEnabled, callbackUrl: callbackUrl(parts, name) }
}
