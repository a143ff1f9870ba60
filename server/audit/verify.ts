import type { admin } from '#contract'
import type { Db } from '../db/index.ts'
import { isoTime } from '../sdk/index.ts'
import type { Keyring } from '../secrets/keyring.ts'
import { type EntryRow, findHead, type Head, hashOf, isSealGood } from './chain.ts'

const pageSize = 1000
/** An entry is linked within moments; one that is not after so long was not linked by us. */
const linkedWithinMs = 60_000

/** Walks the whole chain: every hash, every place, both ends, and the seal. */
export async function verifyAudit(db: Db, keyring: Keyring): Promise<admin.AuditProof> {
  for (;;) {
    const head = await findHead(db)
    const proof = await proofOf(db, keyring, head)
    // Where old entries were let go meanwhile, the walk began in the wrong place.
    if (proof.isWhole || (await findHead(db))?.firstSeq === head?.firstSeq) return proof
  }
}

async function proofOf(db: Db, keyring: Keyring, head: Head | null): Promise<admin.AuditProof> {
  const { entries, finding } = head ? await walk(db, head) : { entries: 0, finding: null }
  const found = finding ?? (head ? await endsOf(db, keyring, head) : await headless(db)) ?? (await late(db))
  return { isWhole: found === null, entries, finding: found }
}

interface Walk {
  entries: number
  finding: string | null
}

async function walk(db: Db, head: Head): Promise<Walk> {
  let wanted = head.firstSeq
  let hash = head.firstHash
  const told = (finding: string | null): Walk => ({ entries: wanted - head.firstSeq, finding })
  while (wanted <= head.seq) {
    const rows: EntryRow[] = await db<EntryRow>('audit_entries')
      .whereBetween('seq', [wanted, head.seq])
      .orderBy('seq')
      .limit(pageSize)
    for (const row of rows) {
      if (row.seq !== wanted) return told(missing(wanted))
      hash = hashOf(wanted, hash, row)
      if (hash !== row.hash)
        return told(`Entry ${wanted} (${row.action}, ${row.at}) is not what was written there.`)
      wanted += 1
    }
    if (rows.length === 0) return told(missing(wanted))
  }
  return told(hash === head.hash ? null : `Entry ${head.seq} is not the one the log ended with.`)
}

const missing = (seq: number) => `Entry ${seq} is missing.`

/** What lies before the beginning or behind the end, and the seal of both. */
async function endsOf(db: Db, keyring: Keyring, head: Head): Promise<string | null> {
  if (!isSealGood(keyring, head))
    return `The seal of entry ${head.seq}, the last one, was not made by a key of this machine.`
  const before = await seqWhere(db, '<', head.firstSeq)
  if (before !== null) return `Entry ${before} was put in before the beginning of the log.`
  const behind = await seqWhere(db, '>', head.seq)
  // Linked by a running server since the head was read.
  const now = behind === null ? head : await findHead(db)
  if (behind !== null && (!now || behind > now.seq))
    return `Entry ${behind} was put in behind the end of the log.`
  return null
}

async function seqWhere(db: Db, side: '<' | '>', seq: number): Promise<number | null> {
  const row: { seq: number } | undefined = await db('audit_entries')
    .where('seq', side, seq)
    .orderBy('seq', 'desc')
    .first('seq')
  return row?.seq ?? null
}

async function headless(db: Db): Promise<string | null> {
  const linked = await seqWhere(db, '>', 0)
  return linked === null
    ? null
    : `The end of the log is not marked any more; entry ${linked} is the last one.`
}

async function late(db: Db): Promise<string | null> {
  const row: EntryRow | undefined = await db<EntryRow>('audit_entries')
    .whereNull('seq')
    .where('at', '<', isoTime(new Date(Date.now() - linkedWithinMs)))
    .orderBy('id')
    .first()
  return row ? `The entry of ${row.at} (${row.action}) has no number: it was never linked.` : null
}
