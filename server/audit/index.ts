import type { admin } from '#contract'
import type { Db } from '../db/index.ts'
import { currentRequest } from '../http/request-context.ts'
import { type Audit, isoTime, newId } from '../sdk/index.ts'

interface EntryRow {
  id: string
  seq: number | null
  at: string
  action: string
  actorId: string | null
  actorName: string | null
  subject: string | null
  address: string | null
  requestId: string | null
  detailJson: Record<string, unknown>
}

/** Append-only: there is no function that changes or removes an entry. */
export const audit: Audit = {
  record: async (db, { action, actor, subject, detail }) => {
    const request = currentRequest()
    await db('audit_entries').insert({
      id: newId(),
      at: isoTime(),
      action,
      actorId: actor?.id ?? null,
      actorName: actor?.username ?? null,
      subject: subject ?? null,
      address: request?.address ?? null,
      requestId: request?.requestId ?? null,
      detailJson: JSON.stringify(detail ?? {}),
    })
  },
}

/** Newest first; `after` is the last id seen. */
export async function listAudit(
  db: Db,
  page: { after?: string | undefined; limit: number },
): Promise<{ items: admin.AuditEntry[]; next: string | null }> {
  const query = db<EntryRow>('audit_entries')
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.after) query.where('id', '<', page.after)
  const rows: EntryRow[] = await query
  const items = rows
    .slice(0, page.limit)
    .map(({ id, seq, at, action, actorName, subject, address, requestId, detailJson }) => ({
      id,
      seq,
      at,
      action,
      actorName,
      subject,
      address,
      requestId,
      detail: detailJson,
    }))
  return { items, next: rows.length > page.limit ? (items.at(-1)?.id ?? null) : null }
}
