import type { Database, Db } from '../db/index.ts'
import type { Audit, Log } from '../sdk/index.ts'
import type { Keyring } from '../secrets/keyring.ts'
import { type EntryRow, hashOf, saveHead, takeHead } from './chain.ts'
import { audit } from './entries.ts'

/** The audit log of a site, which links what was recorded into one chain. */
export interface SiteAudit extends Audit {
  /** Resolves when everything committed before is linked. */
  sealed(): Promise<void>
  /** Links what is left; what fails is logged. */
  close(): Promise<void>
}

const atOnce = 200
const soonMs = 200

/** `record` only inserts, without any lock; the chain is made right after the commit, by one process at a time. */
export function createAudit({
  database: { db },
  keyring,
  log,
}: {
  database: Pick<Database, 'db'>
  keyring: Keyring
  log: Log
}): SiteAudit {
  let running: Promise<void> | null = null
  let waiting: Promise<void> | null = null
  let isClosed = false
  let timer: NodeJS.Timeout | null = null
  const begin = (): Promise<void> => {
    running = link(db, keyring).finally(() => {
      running = null
    })
    return running
  }
  // One that runs may be past an entry of just now: one more is enough for all who ask meanwhile.
  const sealed = (): Promise<void> => {
    if (!running) return begin()
    waiting ??= running
      .catch(() => {})
      .then(() => {
        waiting = null
        return sealed()
      })
    return waiting
  }
  const quietly = () =>
    sealed().catch((error: unknown) => log.error({ err: error }, 'the audit log could not be linked'))
  // After the answer that the record was made for, and those of a burst together.
  const soon = () => {
    if (isClosed) return
    timer ??= setTimeout(() => {
      timer = null
      if (!isClosed) void quietly()
    }, soonMs)
    timer.unref()
  }
  return {
    record: async (tx, entry) => {
      await audit.record(tx, entry)
      tx.afterCommit(soon)
    },
    sealed,
    close: async () => {
      isClosed = true
      if (timer) clearTimeout(timer)
      await quietly()
    },
  }
}

/** Looks before it locks: a process that only reads writes nothing. */
async function link(db: Db, keyring: Keyring): Promise<void> {
  while (await db('audit_entries').whereNull('seq').first('id')) await db.tx((tx) => linkSome(tx, keyring))
}

async function linkSome(db: Db, keyring: Keyring): Promise<void> {
  const head = await takeHead(db, keyring)
  const rows: EntryRow[] = await db<EntryRow>('audit_entries').whereNull('seq').orderBy('id').limit(atOnce)
  let { seq, hash } = head
  const linked = rows.map((row) => {
    seq += 1
    hash = hashOf(seq, hash, row)
    return { ...row, detailJson: JSON.stringify(row.detailJson), seq, hash }
  })
  if (linked.length === 0) return
  // All are there: this is an update of many rows in one statement.
  await db('audit_entries').insert(linked).onConflict('id').merge(['seq', 'hash'])
  await saveHead(db, keyring, { ...head, seq, hash })
}
