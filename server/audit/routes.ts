import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { admin } from '#contract'
import { inputProblem } from '../http/problem-body.ts'
import type { Site } from '../sites/site.ts'
import { listAudit } from './entries.ts'
import { exportAudit } from './export.ts'
import { verifyAudit } from './verify.ts'

/** Reading, proving and exporting the audit log. */
export function auditRoutes({ table, database: { db }, audit, keyring }: Site): void {
  const router = table.routerFor('server')
  router.handle(admin.listAudit, ({ query }) => listAudit(db, query))
  // Sent while it is read: the log of years is larger than what should be held at once.
  router.raw(admin.exportAudit, async ({ req, res }, call) => {
    const { format, ...filter } = queryOf(req)
    const isRead = req.method !== 'HEAD'
    if (isRead) await audit.record(db, { action: 'audit.exported', actor: call.me, detail: { format } })
    await audit.sealed().catch(() => {})
    res.writeHead(200, {
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="audit.${format}"`,
    })
    await pipeline(isRead ? Readable.from(exportAudit(db, filter, format)) : Readable.from([]), res)
  })
  router.handle(admin.verifyAudit, async () => {
    // What was recorded a moment ago belongs to it; where that cannot be linked, the proof says why.
    await audit.sealed().catch(() => {})
    return verifyAudit(db, keyring)
  })
}

function queryOf({ url = '/' }: IncomingMessage) {
  const given = Object.fromEntries(new URL(url, 'http://here.invalid').searchParams)
  const read = admin.exportAudit.query!.safeParse(given)
  if (!read.success) throw inputProblem(read.error, '?')
  return read.data
}
