import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isoTime, newId } from '#sdk'
import { migrate } from '../../server/db/index.ts'
import { databaseKinds, type TestDatabase, testDatabase } from '../../test/kit/databases.ts'
import { TrackRules, textFields } from './contract.ts'
import { addPlays } from './marks.ts'
import { pickTracks } from './rules.ts'
import { mixingKeys, similarTracks } from './similar.ts'
import { now } from './testdata/plain-orders.ts'
import { evaluate, type Plain, randomFrom, randomRules, seed } from './testdata/plain-rules.ts'
import { tracksById } from './tracks.ts'

const migrations = ['media', 'catalog'].map((owner) => ({
  owner,
  folder: new URL(`../${owner}/migrations/`, import.meta.url),
}))
const dayMs = 86_400_000

interface Context {
  database: TestDatabase
  all: Plain[]
  account: { id: string }
  random(): number
}

for (const kind of databaseKinds) {
  const test = suite<Context>(`rules on ${kind}`)
  test.before(async (context) => {
    context.database = await testDatabase(kind)
    await migrate(context.database, migrations)
    context.account = { id: newId() }
    context.random = randomFrom(42)
    context.all = await seed(context)
  })
  test.after(({ database }) => database.close())

  test('rules pick what the same rules in plain JavaScript pick [LIST-08]', async (context) => {
    const { database, all, random, account } = context
    let hits = 0
    for (let round = 0; round < 80; round++) {
      const rules = randomRules(random, all)
      for (const who of [account, null]) {
        const picked = await pickTracks(database.db, { rules, account: who, now })
        const wanted = evaluate(rules, all, who)
        assert.equal(picked, wanted, JSON.stringify(rules))
        hits += picked.length
      }
    }
    assert.ok(hits > 1500, `${hits} hits`)
  })

  test('a list at random stays as it is for the day, and is another one tomorrow [LIST-09]', async ({
    database,
    account,
  }) => {
    const rules = TrackRules.parse({ rules: [], sort: 'random', limit: { by: 'tracks', count: 1000 } })
    const pick = (at: Date, who: { id: string } | null) =>
      pickTracks(database.db, { rules, account: who, now: at })
    const today = await pick(now, account)
    assert.equal(await pick(now, account), today)
    const tomorrow = await pick(new Date(now.getTime() + dayMs), account)
    assert.not.equal(tomorrow, today)
    assert.equal([...tomorrow].sort(), [...today].sort())
    assert.not.equal(await pick(now, null), today)
  })

  test('a list of so many minutes is no longer than that [LIST-09]', async ({ database, all, account }) => {
    const rules = TrackRules.parse({ rules: [], sort: 'oldest', limit: { by: 'minutes', count: 30 } })
    const ids = await pickTracks(database.db, { rules, account })
    const lengthOf = (some: string[]) =>
      some.reduce((sum, id) => sum + (all.find(({ row }) => row.id === id)?.row.durationMs ?? 0), 0)
    assert.ok(ids.length > 2 && lengthOf(ids) <= 30 * 60_000)
    const longer = TrackRules.parse({ ...rules, limit: { by: 'tracks', count: ids.length + 1 } })
    assert.ok(lengthOf(await pickTracks(database.db, { rules: longer, account })) > 30 * 60_000)
  })

  test('signs of patterns and quotes in a rule mean themselves [SEC-03]', async ({
    database,
    account,
    all,
  }) => {
    for (const value of ['%', '_', '!', "'", "' or 1=1 --", '\\', 'a%', '\u0000%'])
      for (const field of textFields) {
        const rules = TrackRules.parse({ rules: [{ field, is: 'contains', value }] })
        const picked = await pickTracks(database.db, { rules, account, now })
        assert.equal(picked, evaluate(rules, all, account), `${field} ${value}`)
      }
  })

  test('likeness: shared artists before genre before tempo, the same each time [LIST-24]', async ({
    database,
    all,
  }) => {
    const { db } = database
    const [{ row: track } = { row: undefined }] = all.filter(
      ({ row }) => row.audience === 0 && row.bpm !== null,
    )
    if (!track) throw new Error('there is no track')
    const release = await db('catalog_releases').where({ id: track.releaseId }).first()
    const wish = { track, release, limit: 20, level: 0 as const }
    const first = await similarTracks(db, { ...wish, without: [] })
    assert.equal(await similarTracks(db, { ...wish, without: [] }), first)
    assert.ok(first.length === 20 && !first.includes(track.id))
    const next = await similarTracks(db, { ...wish, without: first })
    assert.not.ok(next.some((id) => first.includes(id)))
    const rows = await tracksById(db, [...first, ...next])
    const shares = (id: string) =>
      (rows.get(id)?.artistKeys ?? '')
        .split('\n')
        .some((key) => key !== '' && track.artistKeys.includes(`\n${key}\n`))
    const share = (ids: string[]) => ids.filter(shares).length / ids.length
    assert.ok(share(first) >= share(next))
    for (const { audience } of rows.values()) assert.is(audience, 0)
  })

  test('plays add up per track and account, whatever order they come in [PLAY-13]', async ({
    database,
    all,
    account,
  }) => {
    const { db } = database
    const [a, b] = all.map(({ row }) => row)
    const [one, two] = [a?.id ?? '', b?.id ?? '']
    const before = await tracksById(db, [one, two])
    const at = (second: number) => isoTime(new Date(4e12 + second * 1000))
    const plays = [
      { trackId: one, accountId: account.id, at: at(5) },
      { trackId: one, accountId: account.id, at: at(3) },
      { trackId: two, accountId: null, at: at(1) },
      { trackId: newId(), accountId: account.id, at: at(1) },
    ]
    await addPlays(db, plays)
    await addPlays(db, plays.slice(1, 2))
    const after = await tracksById(db, [one, two])
    const grown = (id: string) => (after.get(id)?.plays ?? 0) - (before.get(id)?.plays ?? 0)
    assert.equal([grown(one), grown(two)], [3, 1])
    const mark = await db('catalog_marks').where({ accountId: account.id, trackId: one }).first()
    assert.is(mark.playedAt, at(5))
  })

  test.run()
}

const keys = suite('keys that mix')
keys('are the neighbours on the Camelot wheel, in all spellings', () => {
  const of = (key: string) => new Set(mixingKeys(key))
  for (const [key, wanted] of [
    ['Am', ['Am', 'Em', 'Dm', 'C']],
    ['C', ['C', 'G', 'F', 'Am']],
    ['F#m', ['F#m', 'C#m', 'Bm', 'A', 'Gbm']],
    ['Bb', ['Bb', 'A#', 'F', 'Eb', 'Gm']],
  ] as const)
    for (const other of wanted) assert.ok(of(key).has(other), `${key} ${other}`)
  assert.not.ok(of('Am').has('A#m'))
  assert.equal(mixingKeys('H'), [])
})
keys.run()
