import { admin } from '#contract'
import type { Site } from '../sites/site.ts'
import { listAudit } from './entries.ts'
import { exportAudit } from './export.ts'
import { verifyAudit } from './verify.ts'

const mostExported = 100_000

/** Reading, proving and exporting the audit log. */
export function auditRoutes({ table, database: { db }, audit, keyring }: Site): void {
  const router = table.routerFor('server')
  router.handle(admin.listAudit, ({ query }) => listAudit(db, query))
  router.handle(admin.exportAudit, async ({ query }, call) => {
    const { format, ...filter } = query
    await audit.record(db, { action: 'audit.exported', actor: call.me, detail: { format } })
    await audit.sealed().catch(() => {})
    let text = ''
    for await (const piece of exportAudit(db, filter, { format, most: mostExported })) text += piece
    call.setHeader('content-disposition', `attachment; filename="audit.${format}"`)
    return text
  })
  router.handle(admin.verifyAudit, async () => {
    // What was recorded a moment ago belongs to it; where that cannot be linked, the proof says why.
    await audit.sealed().catch(() => {})
    return verifyAudit(db, keyring)
  })
}
