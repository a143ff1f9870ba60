import { openDatabase, type Target } from '../index.ts'
import { migrate } from '../migrate.ts'

// A process of its own on the same database. Waits for `go`, does what it is told, and says what came of it.
const { target, work } = JSON.parse(process.argv[2] ?? '') as { target: Target; work: 'migrate' | 'count' }
const database = await openDatabase(target)

/** Reads, then writes what it read plus one, in one transaction. */
async function count(times: number): Promise<number> {
  for (let n = 0; n < times; n++)
    await database.db.tx(async (db) => {
      const row: { n: number } = await db('second').first()
      await db('second').update({ n: row.n + 1 })
    })
  return times
}

process.once('message', async () => {
  const said = await (work === 'count'
    ? count(50)
    : migrate(database, [{ owner: 'test', folder: new URL('./migrations/', import.meta.url) }])
  ).catch((error: Error) => `failed: ${error.message}`)
  await database.close()
  process.send?.({ said }, () => process.exit(0))
})
process.send?.({ isReady: true })
