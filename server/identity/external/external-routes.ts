import { randomBytes } from 'node:crypto'
import { identity, notSignedIn } from '#contract'
import { type Call, problem } from '../../sdk/index.ts'
import { requireStrong } from '../factor-guard.ts'
import type { IdentityParts } from '../parts.ts'
import { markBrowser } from './browser-mark.ts'
import { placeToGo } from './come-back.ts'
import type { Doors } from './doors.ts'
import { listIdentitiesOf } from './identities.ts'
import { unlinkIdentity } from './link.ts'
import { safePath } from './next-path.ts'
import { callbackUrl, getOpenProvider, listProviderRows, type ProviderRow } from './providers.ts'
import { keepSealed } from './sealed-tickets.ts'

/** Signing in by an account of another server, and linking one. */
export function externalRoutes(parts: IdentityParts, doors: Doors): void {
  const { db, router } = parts
  router.handle(identity.listProviders, async () => {
    const open = (await listProviderRows(db)).filter(({ isEnabled }) => isEnabled)
    return { items: open.map(({ name, kind, title }) => ({ name, kind, title })) }
  })

  router.handle(identity.startExternal, async ({ params, body }, call) => {
    const row = await getOpenProvider(db, params.provider)
    const isLink = body.intent === 'link'
    if (isLink && !call.account) throw problem(notSignedIn)
    if (isLink) await requireStrong(parts, call)
    return { url: await leave(parts, doors, row, body, call) }
  })

  router.handle(identity.externalCallback, async ({ params: { provider }, query }, call) => {
    const place = await placeToGo(parts, doors, { provider, query }, call)
    call.status(302)
    call.setHeader('location', place)
  })

  router.handle(identity.listIdentities, async (_input, call) => {
    const titles = new Map((await listProviderRows(db)).map(({ name, title }) => [name, title]))
    const rows = await listIdentitiesOf(db, call.me.id)
    return {
      items: rows.map(({ id, provider, email, createdAt, usedAt }) => {
        return { id, provider, title: titles.get(provider) ?? provider, email, createdAt, usedAt }
      }),
    }
  })

  router.handle(identity.unlinkIdentity, async ({ params }, call) => {
    await requireStrong(parts, call)
    await unlinkIdentity(parts, call.me, params.id)
  })
}

interface Wish {
  intent: 'sign-in' | 'link'
  next?: string | undefined
  invitation?: string | undefined
}

/** The provider's address with everything the return is checked against; throws identity.provider-failed. */
async function leave(
  parts: IdentityParts,
  doors: Doors,
  row: ProviderRow,
  { intent, next, invitation }: Wish,
  call: Call,
): Promise<string> {
  const isLink = intent === 'link'
  const secrets = { nonce: secret(), verifier: secret() }
  const state = await keepSealed(parts, parts.db, 'external-state', {
    provider: row.name,
    ...secrets,
    intent,
    accountId: isLink ? call.me.id : null,
    sessionId: isLink ? call.sessionId : null,
    browser: markBrowser(parts, call),
    next: safePath(next),
    invitation,
  })
  const attempt = { ...secrets, state, redirectUri: callbackUrl(parts, row.name) }
  return doors(row)
    .address(row, attempt)
    .catch((error: unknown) => {
      const { name, code } = error as NodeJS.ErrnoException
      parts.log.warn({ provider: row.name, name, why: code }, 'a provider cannot be asked')
      throw problem(identity.providerFailed)
    })
}

/** 256 random bits, as PKCE asks for (RFC 7636, section 4.1). */
const secret = () => randomBytes(32).toString('base64url')
