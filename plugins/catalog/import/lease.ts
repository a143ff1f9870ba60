import { hostname } from 'node:os'
import { type Db, isoTime, newId, problem } from '#sdk'
import { importBusy } from './problems.ts'

const leaseMs = 60_000
const renewMs = 15_000

/** The right to import into this site, for one process at a time. */
export interface Lease {
  /** Part of the caller's transaction; throws where another import has taken over. */
  check(db: Db): Promise<void>
  release(): Promise<void>
}

/** Throws a sentence where another import runs; one whose process is gone is taken over at once. */
export async function takeLease(db: Db, now = Date.now): Promise<Lease> {
  const owner = `${hostname()} ${process.pid} ${newId()}`
  if (!(await claim(db, owner, now()))) {
    const other = await findHolder(db)
    if (other && isAlive(other.owner)) throw busy(other)
    if (other) await db('catalog_import_leases').where({ owner: other.owner }).delete()
    if (!(await claim(db, owner, now()))) throw busy(await findHolder(db))
  }
  const renew = async (on: Db) =>
    (await on('catalog_import_leases')
      .where({ owner })
      .update({ leaseUntil: until(now()) })) === 1
  // A failure here is noticed by the next check.
  const timer = setInterval(() => void renew(db).catch(() => {}), renewMs).unref()
  return {
    check: async (on) => {
      if (!(await renew(on))) throw busy(await findHolder(on))
    },
    release: async () => {
      clearInterval(timer)
      await db('catalog_import_leases').where({ owner }).delete()
    },
  }
}

interface Holder {
  owner: string
  startedAt: string
}

const until = (now: number) => isoTime(new Date(now + leaseMs))

async function claim(db: Db, owner: string, now: number): Promise<boolean> {
  const rows = await db.raw<unknown[]>(
    `insert into catalog_import_leases (id, owner, lease_until, started_at) values (1, ?, ?, ?)
     on conflict (id) do update set owner = excluded.owner, lease_until = excluded.lease_until,
       started_at = excluded.started_at
     where catalog_import_leases.lease_until < ? returning owner`,
    [owner, until(now), isoTime(new Date(now)), isoTime(new Date(now))],
  )
  return rows.length > 0
}

async function findHolder(db: Db): Promise<Holder | null> {
  return (await db<Holder>('catalog_import_leases').first('owner', 'started_at')) ?? null
}

/** Only a process of this machine can be known to be gone; another one's lease ends by itself. */
function isAlive(owner: string): boolean {
  const [host, pid] = owner.split(' ')
  if (host !== hostname()) return true
  try {
    process.kill(Number(pid), 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

function busy(holder: Holder | null) {
  const [host, pid] = holder?.owner.split(' ') ?? []
  const who = holder ? ` since ${holder.startedAt} (process ${pid} on ${host})` : ''
  return problem(importBusy, `Another import of this site runs${who}; start this one when that is done.`)
}
