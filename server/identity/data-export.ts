import { defineJob, identity, z } from '#contract'
import { isoTime, type JobRun } from '../sdk/index.ts'
import { type AccountRow, findAccount } from './accounts.ts'
import {
  type ExportRow,
  endExport,
  expireExports,
  findExport,
  listExportsOf,
  openExport,
} from './data-exports.ts'
import { mailTo } from './mails.ts'
import type { IdentityParts } from './parts.ts'

/** How long an archive is kept, and how long an address of it is good. */
const keptMs = 7 * 24 * 3_600_000
const urlSeconds = 3600

const exportJob = defineJob({
  name: 'server.export-data',
  payload: z.strictObject({ id: z.uuid() }),
  attempts: 4,
  backoffMs: 10_000,
  concurrency: 1,
  leaseMs: 120_000,
})
const expireJob = defineJob({ name: 'server.expire-exports', payload: z.strictObject({}), attempts: 1 })

/** Taking one's data away: an archive made by a job, one at a time for each account. */
export function dataExportRoutes(parts: IdentityParts): void {
  const { db, router, jobs, audit, storage } = parts
  router.handle(identity.exportData, (_input, call) =>
    db.tx(async (tx) => {
      const { id, isNew } = await openExport(tx, call.me.id, parts.now())
      if (isNew) {
        await jobs.enqueue(tx, exportJob, { id }, { key: id })
        await audit.record(tx, { action: 'account.export-asked', actor: call.me, subject: call.me.id })
      }
      return { id }
    }),
  )
  router.handle(identity.listExports, async (_input, call) => {
    const rows = await listExportsOf(db, call.me.id)
    return { items: rows.map((row) => present(parts, row)) }
  })
  jobs.handle(exportJob, ({ id }, run) => makeExport(parts, id, run))
  jobs.handle(expireJob, () => expireExports(db, parts.now(), storage.removeFolder))
  jobs.every(expireJob, '23 4 * * *')
}

function present({ storage, now }: IdentityParts, row: ExportRow): identity.DataExport {
  const { id, storageKey, createdAt, sizeBytes } = row
  const isOver = row.expiresAt !== null && row.expiresAt < isoTime(now())
  const state = isOver ? 'expired' : row.state
  const url = state === 'ready' && storageKey ? storage.url(storageKey, urlSeconds) : null
  return { id, state, createdAt, sizeBytes, url }
}

async function makeExport(parts: IdentityParts, id: string, run: JobRun): Promise<void> {
  const { db, storage } = parts
  const row = await findExport(db, id)
  // A job may run twice.
  if (row?.state !== 'waiting' || !row.storageKey) return
  const account = await findAccount(db, row.accountId)
  if (!account) return
  const key = row.storageKey
  try {
    const { writeArchive } = await import('./data-archive.ts')
    const sizeBytes = await writeArchive(parts, account, key)
    if (!(await finish(parts, account, { id, sizeBytes }))) await storage.remove(key)
  } catch (error) {
    if (run.attempt >= (exportJob.attempts ?? 1)) await endExport(db, id, { state: 'failed' })
    throw error
  }
}

/** False where the account was deleted meanwhile. */
function finish(
  parts: IdentityParts,
  account: AccountRow,
  { id, sizeBytes }: { id: string; sizeBytes: number },
): Promise<boolean> {
  const expiresAt = isoTime(new Date(parts.now().getTime() + keptMs))
  return parts.db.tx(async (tx) => {
    if (!(await endExport(tx, id, { state: 'ready', sizeBytes, expiresAt }))) return false
    await parts.mailer.send(tx, readyMail(parts, account))
    return true
  })
}

function readyMail(parts: IdentityParts, account: AccountRow) {
  const link = `${parts.site.url}/account/privacy`
  return mailTo(parts, account, {
    en: {
      subject: 'Your data is ready',
      lines: [
        `The archive of your data is ready; you can download it for seven days:\n${link}`,
        'If you did not ask for it, change your password and end the other sessions.',
      ],
    },
    fr: {
      subject: 'Vos données sont prêtes',
      lines: [
        `L’archive de vos données est prête ; vous pouvez la télécharger pendant sept jours :\n${link}`,
        'Si vous ne l’avez pas demandée, changez de mot de passe et mettez fin aux autres sessions.',
      ],
    },
  })
}
