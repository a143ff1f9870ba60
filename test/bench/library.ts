import artists from '../../plugins/artists/index.ts'
import type { Rule } from '../../plugins/catalog/contract.ts'
import * as catalog from '../../plugins/catalog/contract.ts'
import catalogPlugin from '../../plugins/catalog/index.ts'
import { pickTracks } from '../../plugins/catalog/rules.ts'
import media from '../../plugins/media/index.ts'
import { testApp } from '../kit/app.ts'
import { databaseKinds } from '../kit/databases.ts'
import { seedLibrary, seedMarks } from './kit/library-seed.ts'
import { quantile } from './kit/numbers.ts'
import type { Aim, Finding } from './kit/report.ts'

const tracks = 100_000
const calls = 60

const tenRules: Rule[] = [
  { field: 'title', is: 'contains', value: 'ka' },
  { field: 'artist', is: 'begins', value: 'art' },
  { field: 'genre', is: 'is-not', value: 'genre 3' },
  { field: 'bpm', is: 'between', from: 80, to: 170 },
  { field: 'durationS', is: 'at-least', value: 70 },
  { field: 'year', is: 'at-least', value: 1991 },
  { field: 'playsMine', is: 'at-most', value: 29 },
  { field: 'addedAt', is: 'within-days', value: 3000 },
  { field: 'isExplicit', is: 'is', value: false },
  { field: 'loudnessLufs', is: 'at-most', value: -5 },
]

/** Lists of a large library, over HTTP as the pages ask for them, and the smart list with the most rules. */
export async function library(options: readonly string[] = []): Promise<Finding> {
  const count = Number(options[0] ?? tracks)
  const found: Awaited<ReturnType<typeof measure>>[] = []
  for (const kind of databaseKinds) found.push(await measure(kind, count))
  const names = Object.keys(found[0] ?? {})
  const rows = names.map((name) => [
    name,
    ...found.map((times) => quantile(times[name] ?? [], 0.5).toFixed(1)),
    ...found.map((times) => quantile(times[name] ?? [], 0.95).toFixed(1)),
  ])
  const aims = names.flatMap((name): Aim[] =>
    found.map((times, at) => ({
      what: `${name}, p95, ${databaseKinds[at]}`,
      measured: quantile(times[name] ?? [], 0.95),
      atMost: name === 'ten rules' ? 100 : 50,
      unit: 'ms',
    })),
  )
  return {
    name: 'library',
    title: `Library: lists of ${count.toLocaleString('en')} tracks`,
    how: `GET /api/v1/catalog/tracks?limit=50 and releases over HTTP, one after the other, ${calls} of each, server and client in one process, answers checked against their schemas as in tests (which the built server does not do). Page 1,000 is the one that far into the list; ten rules are a smart list of 200 tracks in random order, by its statement alone. Milliseconds.`,
    columns: ['what', 'p50 SQLite', 'p50 PostgreSQL', 'p95 SQLite', 'p95 PostgreSQL'],
    rows,
    aims,
  }
}

async function measure(kind: 'sqlite' | 'postgres', count: number): Promise<Record<string, number[]>> {
  const app = await testApp({ kind, plugins: [media, artists, catalogPlugin] })
  try {
    const { db } = app.site.database
    const member = await app.addAccount()
    const owner = await app.addAccount({ roles: ['artist'] })
    await seedLibrary(db, { tracks: count, owner: owner.id })
    await seedMarks(db, member.id, Math.ceil(count / 20))
    if (kind === 'postgres') await db.raw('analyze')
    const deep = async (column: string, way: string) => {
      const [row] = await db.raw<{ id: string }[]>(
        `select id from catalog_tracks where audience = 0 order by ${column} ${way}, id ${way} limit 1 offset ${Math.floor(count / 2)}`,
      )
      return row?.id ?? ''
    }
    const [newest, title] = [await deep('id', 'desc'), await deep('title_key', 'asc')]
    const list =
      (query: Record<string, string | number>, asMember = false) =>
      async () => {
        const client = asMember ? app.as(member) : app
        const { status, body } = await client.call(catalog.listTracks, { query })
        if (status !== 200) throw new Error(JSON.stringify(body))
      }
    const works: Record<string, () => Promise<unknown>> = {
      'first page': list({}),
      'page 1,000': list({ after: newest }),
      'page 1,000 by title, as a member': list({ sort: 'title', after: title }, true),
      'search for a word': list({ q: 'kaloka' }),
      'search for a letter': list({ q: 'k' }),
      'search for two beginnings': list({ q: 'ka lo' }),
      'frequent genre by title': list({ genre: 'genre 0', sort: 'title' }),
      'rare genre by title': list({ genre: 'genre 39', sort: 'title' }),
      'tag and tempo': list({ tag: 'tag-5', bpmFrom: 120, bpmTo: 130 }),
      favourites: list({ isFavourite: 'true', sort: 'title' }, true),
      'releases, first page': () => app.call(catalog.listReleases, { query: { limit: 50 } }),
      'ten rules': () =>
        pickTracks(db, {
          rules: { match: 'all', rules: tenRules, sort: 'random', limit: { by: 'tracks', count: 200 } },
          account: member,
        }),
    }
    const times: Record<string, number[]> = {}
    for (const [name, work] of Object.entries(works)) {
      for (let warm = 0; warm < 5; warm++) await work()
      const all: number[] = []
      for (let call = 0; call < calls; call++) {
        const before = performance.now()
        await work()
        all.push(performance.now() - before)
      }
      times[name] = all
    }
    return times
  } finally {
    await app.close()
  }
}
