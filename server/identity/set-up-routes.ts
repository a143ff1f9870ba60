import { identity } from '#contract'
import { isoTime, problem } from '../sdk/index.ts'
import { hasOwner, insertAccount } from './accounts.ts'
import { beginSession } from './begin-session.ts'
import type { IdentityParts } from './parts.ts'
import { refuseWeakPassword, wordsAbout } from './password-policy.ts'
import { hashPassword } from './passwords.ts'
import { isSetUpToken, spendSetUpToken } from './set-up.ts'

/** The first owner, by the one-time link. */
export function setUpRoutes(parts: IdentityParts): void {
  const { db, router, keyring } = parts
  router.handle(identity.setUpState, async ({ query }) => {
    const isDone = await hasOwner(db)
    return {
      isDone,
      isTokenGood: !isDone && query.token !== undefined && (await isSetUpToken(db, keyring, query.token)),
    }
  })
  router.handle(identity.setUp, async ({ body }, call) => {
    if (await hasOwner(db)) throw problem(identity.setUpDone)
    await refuseWeakPassword(body.password, wordsAbout(parts, body), { language: call.language })
    const passwordHash = await hashPassword(body.password)
    const account = await db.tx(async (tx) => {
      if (!(await spendSetUpToken(tx, keyring, body.token))) throw problem(identity.badSetUpLink)
      const owner = await insertAccount(tx, {
        email: body.email,
        username: body.username,
        passwordHash,
        roles: ['owner'],
        // Who set the machine up is believed.
        emailVerifiedAt: isoTime(parts.now()),
      })
      if (body.title) await parts.settings.updateSite(tx, { title: body.title })
      await parts.audit.record(tx, { action: 'site.set-up', actor: null, subject: owner.id })
      return owner
    })
    const signedIn = await beginSession(parts, account, call, ['password'])
    await parts.ownerMade()
    return signedIn
  })
}
