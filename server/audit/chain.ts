import { createHash, timingSafeEqual } from 'node:crypto'
import type { Db } from '../db/index.ts'
import { VezaError } from '../errors.ts'
import type { Keyring } from '../secrets/keyring.ts'

/** A row of audit_entries; `seq` and `hash` are null until it is linked. */
export interface EntryRow {
  id: string
  seq: number | null
  hash: string | null
  at: string
  action: string
  actorId: string | null
  actorName: string | null
  subject: string | null
  address: string | null
  requestId: string | null
  detailJson: Record<string, unknown>
}

/**
 * Where the chain ends and where it begins: `firstSeq` is the first entry that is kept, `firstHash` the hash it
 * follows. The seal is made by a key outside the database, so that nobody can end the chain elsewhere who has the
 * database alone.
 */
export interface Head {
  seq: number
  hash: string
  firstSeq: number
  firstHash: string
  seal: string
}

/** What the very first entry follows. */
const nothing = '0'.repeat(64)

/** JSON with the members of objects in order of their names: one text for one meaning. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join(',')}}`
}

/** SHA-256 over an entry, its place and the hash before it. */
export function hashOf(seq: number, previous: string, row: EntryRow): string {
  const { id, at, action, actorId, actorName, subject, address, requestId, detailJson } = row
  const all = [seq, previous, id, at, action, actorId, actorName, subject, address, requestId, detailJson]
  return createHash('sha256').update(canonical(all)).digest('hex')
}

const sealsOf = (keyring: Keyring, { seq, hash, firstSeq, firstHash }: Omit<Head, 'seal'>) =>
  keyring.macs('audit', `${seq} ${hash} ${firstSeq} ${firstHash}`)

/** Whether a key of the ring made the seal. */
export function isSealGood(keyring: Keyring, head: Head): boolean {
  const given = Buffer.from(head.seal)
  return sealsOf(keyring, head).some((seal) => {
    const good = Buffer.from(seal)
    return good.length === given.length && timingSafeEqual(good, given)
  })
}

export async function findHead(db: Db): Promise<Head | null> {
  return (await db('audit_head').where({ id: 1 }).first()) ?? null
}

/**
 * The head, kept for this transaction alone; made for the first entry. Throws where it is missing or not sealed by us:
 * going on would put our seal on what somebody else wrote.
 */
export async function takeHead(db: Db, keyring: Keyring): Promise<Head> {
  const find = (): Promise<Head | undefined> => db('audit_head').where({ id: 1 }).forUpdate().first()
  const head = (await find()) ?? (await makeHead(db, keyring).then(find))
  if (!head || !isSealGood(keyring, head))
    throw new VezaError(
      'The seal of the audit log is not ours; new entries wait unlinked.',
      'See `veza audit verify`.',
    )
  return head
}

async function makeHead(db: Db, keyring: Keyring): Promise<void> {
  if (await db('audit_entries').whereNotNull('seq').first('id'))
    throw new VezaError(
      'The end of the audit log is missing; new entries wait unlinked.',
      'See `veza audit verify`.',
    )
  const head = { seq: 0, hash: nothing, firstSeq: 1, firstHash: nothing }
  const [seal] = sealsOf(keyring, head)
  await db('audit_head')
    .insert({ id: 1, ...head, seal })
    .onConflict('id')
    .ignore()
}

/** Puts the head back with a new seal by the current key. */
export async function saveHead(db: Db, keyring: Keyring, head: Omit<Head, 'seal'>): Promise<void> {
  const { seq, hash, firstSeq, firstHash } = head
  const [seal] = sealsOf(keyring, head)
  await db('audit_head').where({ id: 1 }).update({ seq, hash, firstSeq, firstHash, seal })
}

/** After a rotation of keys: the same head under the current one. A seal that is not ours stays as it is. */
export async function resealHead(db: Db, keyring: Keyring): Promise<void> {
  await db.tx(async (tx) => {
    const head = await findHead(tx)
    if (head && isSealGood(keyring, head)) await saveHead(tx, keyring, await takeHead(tx, keyring))
  })
}
