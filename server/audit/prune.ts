import type { Db } from '../db/index.ts'
import { isoTime, type Log } from '../sdk/index.ts'
import type { Keyring } from '../secrets/keyring.ts'
import { saveHead, takeHead } from './chain.ts'
import type { SiteAudit } from './sealer.ts'
import { verifyAudit } from './verify.ts'

/**
 * Lets entries before that time go; the chain then begins later, and an entry says so. Resolves to how many went. A
 * log that is not whole is left alone: what is wrong with it is evidence.
 */
export async function pruneAudit(
  db: Db,
  { audit, keyring, log }: { audit: SiteAudit; keyring: Keyring; log: Log },
  before: Date,
): Promise<number> {
  await audit.sealed()
  const { isWhole, finding } = await verifyAudit(db, keyring)
  if (!isWhole) {
    log.error({ finding }, 'the audit log is not whole; its old entries are kept')
    return 0
  }
  return db.tx(async (tx) => {
    const head = await takeHead(tx, keyring)
    const kept: { seq: number } | undefined = await tx('audit_entries')
      .where('at', '>=', isoTime(before))
      .whereNotNull('seq')
      .orderBy('seq')
      .first('seq')
    const firstSeq = kept?.seq ?? head.seq + 1
    const entries = firstSeq - head.firstSeq
    if (entries <= 0) return 0
    const last: { hash: string } = await tx('audit_entries')
      .where({ seq: firstSeq - 1 })
      .first('hash')
    await tx('audit_entries').where('seq', '<', firstSeq).delete()
    await saveHead(tx, keyring, { ...head, firstSeq, firstHash: last.hash })
    await audit.record(tx, {
      action: 'audit.pruned',
      actor: null,
      detail: { entries, before: isoTime(before) },
    })
    return entries
  })
}
