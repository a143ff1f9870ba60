import { createWriteStream } from 'node:fs'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { z } from '#contract'
import { exportAudit, listAudit, verifyAudit } from '../../server/audit/index.ts'
import { VezaError } from '../../server/errors.ts'
import { withSite } from '../appliance.ts'
import type { CommandRun } from '../command.ts'
import { readFlag } from '../flags.ts'
import { exitCodes, type GlobalOptions, print, table } from '../output.ts'

const Limit = z.coerce.number().int().min(1).max(1000).default(50)

/** `veza audit list` */
export const list: CommandRun = async (options) => {
  const query = { ...filterOf(options), limit: readFlag(Limit, options.limit, '--limit') }
  const { items, next } = await withSite(options, ({ database }) => listAudit(database.db, query))
  const rows = items.map(({ seq, at, action, actorName, subject, address }) => [
    String(seq ?? ''),
    at,
    action,
    actorName ?? '',
    subject ?? '',
    address ?? '',
  ])
  print(
    options,
    { items, next },
    rows.length === 0
      ? 'There are no such entries.'
      : table(['NO', 'TIME', 'ACTION', 'BY', 'SUBJECT', 'ADDRESS'], rows),
  )
}

/** `veza audit verify`: exit code 1 where the log is not whole. */
export const verify: CommandRun = async (options) => {
  const proof = await withSite(options, async ({ database, audit, keyring }) => {
    await audit.sealed().catch(() => {})
    return verifyAudit(database.db, keyring)
  })
  print(
    options,
    proof,
    proof.isWhole
      ? `The audit log is whole: ${proof.entries} entries, none changed, put in or taken out.`
      : `The audit log is NOT whole. ${proof.finding}`,
  )
  return proof.isWhole ? exitCodes.done : exitCodes.failed
}

/** `veza audit export FILE` */
export const exportTo: CommandRun = async (options, [name = '']) => {
  const file = resolve(name)
  const format = readFlag(
    z.enum(['csv', 'jsonl']),
    options.format ?? (file.endsWith('.jsonl') ? 'jsonl' : 'csv'),
    '--format',
  )
  const filter = filterOf(options)
  await withSite(options, async ({ database: { db }, audit }) => {
    await audit.record(db, { action: 'audit.exported', actor: null, detail: { format } })
    await audit.sealed().catch(() => {})
    const text = Readable.from(exportAudit(db, filter, format))
    await pipeline(text, createWriteStream(file, { flags: 'wx', mode: 0o600 })).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      throw new VezaError(`There is a file ${file} already.`, 'Give another name, or delete it first.')
    })
  })
  print(options, { file, format }, `Wrote ${file}.`)
}

function filterOf(options: GlobalOptions & Record<string, unknown>) {
  const time = z.iso
    .datetime({ offset: true, error: 'Write it as 2026-01-31T12:00:00Z.' })
    .transform((text) => new Date(text).toISOString())
    .optional()
  const text = z.string().max(60).optional()
  return {
    action: readFlag(text, options.action, '--action'),
    who: readFlag(text, options.who, '--who'),
    from: readFlag(time, options.from, '--from'),
    to: readFlag(time, options.to, '--to'),
  }
}
