import type { admin } from '#contract'
import type { Db } from '../db/index.ts'
import { currentRequest } from '../http/request-context.ts'
import { type Audit, isoTime, newId, pageFrom } from '../sdk/index.ts'
import type { EntryRow } from './chain.ts'

const table = 'audit_entries'

/**
 * Append-only: there is no function that changes an entry. It is linked into the chain after the commit by the site's
 * own audit log (see createAudit), at the latest when the site is opened or closed next.
 */
export const audit: Audit = {
  record: async (db, { action, actor, subject, detail }) => {
    const request = currentRequest()
    await db(table).insert({
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

export interface AuditFilter {
  /** Beginning of an action. */
  action?: string | undefined
  /** Username of who did it or to whom it was done, or id of whom or what it was done to. */
  who?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

/** Newest first; `after` is the last id seen. */
export async function listAudit(
  db: Db,
  query: AuditFilter & { after?: string | undefined; limit: number },
): Promise<{ items: admin.AuditEntry[]; next: string | null }> {
  const { after, limit } = query
  const found = filtered(db, query)
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (after) found.where('id', '<', after)
  const rows: EntryRow[] = await found
  const { items, next } = pageFrom(rows, limit)
  return { items: items.map(presentEntry), next }
}

const pageSize = 1000

/** Everything that fits, oldest first, page by page. */
export async function* eachEntry(db: Db, filter: AuditFilter): AsyncGenerator<EntryRow[]> {
  let after: string | undefined
  for (;;) {
    const query = filtered(db, filter).orderBy('id').limit(pageSize)
    if (after) query.where('id', '>', after)
    const rows: EntryRow[] = await query
    if (rows.length > 0) yield rows
    if (rows.length < pageSize) return
    after = rows.at(-1)?.id
  }
}

/** What concerns an account, done by it or to it; oldest first. */
export async function listAuditOf(db: Db, accountId: string): Promise<EntryRow[]> {
  return db<EntryRow>(table).where({ subject: accountId }).orWhere({ actorId: accountId }).orderBy('id')
}

function filtered(db: Db, { action, who, from, to }: AuditFilter) {
  const query = db<EntryRow>(table)
  if (action) query.whereRaw('substr(action, 1, ?) = ?', [action.length, action])
  if (who)
    query.where((either) =>
      either
        .where({ actorName: who })
        .orWhere({ subject: who })
        .orWhereRaw('subject = (select cast(id as text) from accounts where username = ?)', [who]),
    )
  if (from) query.where('at', '>=', from)
  if (to) query.where('at', '<=', to)
  return query
}

function presentEntry(row: EntryRow): admin.AuditEntry {
  const { id, seq, at, action, actorName, subject, address, requestId, detailJson } = row
  return { id, seq, at, action, actorName, subject, address, requestId, detail: detailJson }
}
