import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import { migrate } from '../../../server/db/index.ts'
import { databaseKinds, type TestDatabase, testDatabase } from '../../../test/kit/databases.ts'
import { insertChannel } from '../channels.ts'
import { insertTitle, titlesOf } from './titles.ts'

const migrations = [{ owner: 'live', folder: new URL('../migrations/', import.meta.url) }]

for (const kind of databaseKinds) {
  const test = suite<{ database: TestDatabase }>(`song titles on ${kind}`)
  test.before(async (context) => {
    context.database = await testDatabase(kind)
    await migrate(context.database, migrations)
  })
  test.after(({ database }) => database.close())

  test('titles are kept by position, apart for each stream, and go with their channel [LIVE-05]', async ({
    database: { db },
  }) => {
    const channel = await insertChannel(db, { slug: 'radio', title: 'Radio', description: '', ownerId: null })
    const [one, two] = [newId(), newId()]
    const stream = {
      channelId: channel.id,
      keyId: newId(),
      title: 'T',
      status: 'live',
      createdAt: '2026-01-01T10:00:00.000Z',
    }
    for (const id of [one, two]) await db('live_streams').insert({ ...stream, id, showId: id })
    await insertTitle(db, one, { atMs: 90_000, title: 'Second' })
    await insertTitle(db, one, { atMs: 0, title: 'Première – ♫' })
    await insertTitle(db, two, { atMs: 5, title: 'Other' })
    const titles = await titlesOf(db, [one, two, newId()])
    assert.equal(titles.get(one), [
      { atMs: 0, title: 'Première – ♫' },
      { atMs: 90_000, title: 'Second' },
    ])
    assert.equal([titles.get(two)?.length, titles.size], [1, 3])
    assert.is((await titlesOf(db, [])).size, 0)
    await db('live_channels').where({ id: channel.id }).delete()
    assert.equal((await titlesOf(db, [one])).get(one), [])
  })
  test.run()
}
