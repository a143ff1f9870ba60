import { identity } from '#contract'
import { noteConsent } from './consents.ts'
import { mailPreferences, setMailPreferences } from './mail-preferences.ts'
import type { IdentityParts } from './parts.ts'

/** Which mails somebody wants; what concerns the safety of an account is always sent. */
export function preferenceRoutes(parts: IdentityParts): void {
  const { db } = parts
  parts.router.handle(identity.getPreferences, (_input, call) => mailPreferences(db, call.me.id))
  parts.router.handle(identity.updatePreferences, ({ body }, call) =>
    db.tx(async (tx) => {
      const { news } = await mailPreferences(tx, call.me.id)
      const after = await setMailPreferences(tx, call.me.id, body)
      // Wanting news is a consent: when it was given and taken back is kept.
      if (after.news !== news) await noteConsent(parts, tx, call, { kind: 'news', isGiven: after.news })
      await parts.audit.record(tx, {
        action: 'account.mail-preferences-changed',
        actor: call.me,
        subject: call.me.id,
        detail: { ...after },
      })
      return after
    }),
  )
}
