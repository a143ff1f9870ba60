import { identity, invalidInput } from '#contract'
import type { Db } from '../db/index.ts'
import { type Call, isoTime, newId, problem } from '../sdk/index.ts'
import { setMailPreferences } from './mail-preferences.ts'
import type { IdentityParts } from './parts.ts'

interface ConsentRow extends identity.Consent {
  id: string
  accountId: string
  address: string
}
/** What is agreed to by the switch for news; it changes with the words beside the switch. */
const newsVersion = '1'

/** What an account agreed to; taking back is as easy as giving (GDPR, article 7). */
export function consentRoutes(parts: IdentityParts): void {
  const { db } = parts
  parts.router.handle(identity.listConsents, async (_input, call) => ({
    items: await listConsentsOf(db, call.me.id),
  }))
  parts.router.handle(identity.setConsent, ({ body }, call) =>
    db.tx(async (tx) => {
      await noteConsent(parts, tx, call, body)
      if (body.kind === 'news') await setMailPreferences(tx, call.me.id, { news: body.isGiven })
      return { items: await listConsentsOf(tx, call.me.id) }
    }),
  )
}

/** Newest first; those taken back are among them. */
export async function listConsentsOf(db: Db, accountId: string): Promise<identity.Consent[]> {
  const rows: ConsentRow[] = await db<ConsentRow>('consents').where({ accountId }).orderBy('id', 'desc')
  return rows.map(({ kind, version, givenAt, withdrawnAt }) => ({ kind, version, givenAt, withdrawnAt }))
}

/** Notes an agreement to the present version, or that it was taken back; a repeat changes nothing. */
export async function noteConsent(
  parts: IdentityParts,
  tx: Db,
  call: Call,
  { kind, isGiven }: { kind: identity.Consent['kind']; isGiven: boolean },
): Promise<void> {
  const accountId = call.me.id
  const at = isoTime(parts.now())
  const version = versionOf(parts, kind)
  const open = tx('consents').where({ accountId, kind, withdrawnAt: null })
  if (isGiven) {
    if (version === null) throw nothingToAgree()
    if (await open.where({ version }).first('id')) return
    const { address } = call
    await tx('consents').insert({ id: newId(), accountId, kind, version, givenAt: at, address })
  } else if ((await open.update({ withdrawnAt: at })) === 0) return
  await parts.audit.record(tx, {
    action: isGiven ? 'consent.given' : 'consent.withdrawn',
    actor: call.me,
    subject: accountId,
    detail: { kind, version },
  })
}

const versionOf = ({ settings }: IdentityParts, kind: identity.Consent['kind']): string | null =>
  kind === 'news' ? newsVersion : (settings.terms()?.version ?? null)

function nothingToAgree(): Error {
  const message = 'This label shows no text to agree to.'
  return problem(invalidInput, message, { errors: [{ pointer: '/kind', message }] })
}
