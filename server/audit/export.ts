import type { Db } from '../db/index.ts'
import type { EntryRow } from './chain.ts'
import { type AuditFilter, eachEntry } from './entries.ts'

export type AuditFormat = 'csv' | 'jsonl'

const columns = [
  'seq',
  'id',
  'at',
  'action',
  'actorId',
  'actorName',
  'subject',
  'address',
  'requestId',
  'detail',
  'hash',
] as const

/** The log as text, piece by piece, oldest first, with the hashes: it can be proved elsewhere. */
export async function* exportAudit(db: Db, filter: AuditFilter, format: AuditFormat): AsyncGenerator<string> {
  if (format === 'csv') yield lineOf(columns)
  for await (const rows of eachEntry(db, filter)) yield rows.map(format === 'csv' ? csvOf : jsonOf).join('')
}

const jsonOf = ({ detailJson, ...row }: EntryRow): string =>
  `${JSON.stringify({ ...row, detail: detailJson })}\n`

function csvOf({ detailJson, ...row }: EntryRow): string {
  const given = { ...row, detail: JSON.stringify(detailJson) }
  return lineOf(columns.map((name) => String(given[name] ?? '')))
}

/** RFC 4180; a cell that a spreadsheet would take for a formula begins with an apostrophe. */
const lineOf = (cells: readonly string[]): string =>
  `${cells.map((cell) => `"${(/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`).join(',')}\r\n`
