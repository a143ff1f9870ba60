import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { muteMember } from '../profiles/contract.ts'
import profiles from '../profiles/index.ts'
import { getRoom, listHistory, removeMessage } from './contract.ts'
import chat from './index.ts'

const began = Date.parse('2026-05-01T20:00:00.000Z')
const at = (ms: number) => new Date(began + ms).toISOString()

/** A UUIDv7 of that time (RFC 9562 5.7), as the server would have made it then. */
function idAt(ms: number): string {
  const hex = (began + ms).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-${newId().slice(14)}`
}

for (const kind of databaseKinds) {
  const test = suite<{ app: TestApp; ana: TestAccount; ben: TestAccount }>(`what was said then, ${kind}`)
  test.before(async (context) => {
    const app = await testApp({ plugins: [chat, profiles], kind })
    const [ana, ben] = [await app.addAccount(), await app.addAccount()]
    Object.assign(context, { app, ana, ben })
    const { id: roomId } = (await app.call(getRoom, { params: { slug: 'general' } })).body
    const rows = [0, 1_000, 2_000, 3_000, 4_000].map((ms, i) => ({
      id: idAt(ms),
      roomId,
      authorId: i === 2 ? ben.id : ana.id,
      text: `${ms}`,
      createdAt: at(ms),
    }))
    await app.site.database.db('chat_messages').insert(rows)
    await app.as(ana).call(removeMessage, { params: { id: rows[3]!.id } })
  })
  test.after(({ app }) => app.close())

  test('is read by time, page after page, without what was removed or is of somebody muted [LIVE-07]', async ({
    app,
    ana,
    ben,
  }) => {
    const read = async (
      query: { from: string; until: string; after?: string; limit?: number },
      by?: TestAccount,
    ) => {
      const { body } = await (by ? app.as(by) : app).call(listHistory, { params: { slug: 'general' }, query })
      return { texts: body.items.map(({ text }) => text), next: body.next }
    }
    const all = { from: at(0), until: at(9_000) }
    assert.equal((await read(all)).texts, ['0', '1000', '2000', '4000'])
    assert.equal((await read({ from: at(1_000), until: at(4_000) })).texts, ['1000', '2000'])
    assert.equal((await read({ from: at(-9_000), until: at(0) })).texts, [])
    const first = await read({ ...all, limit: 3 })
    assert.equal(first.texts, ['0', '1000', '2000'])
    assert.equal(await read({ ...all, limit: 3, after: first.next! }), { texts: ['4000'], next: null })
    await app.as(ana).call(muteMember, { params: { username: ben.username } })
    await app.jobs.drain()
    assert.equal((await read(all, ana)).texts, ['0', '1000', '4000'])
    const bad = await app.callRaw(listHistory, {
      params: { slug: 'general' },
      query: { from: 'x', until: at(0) },
    })
    assert.ok(bad.status >= 400 && bad.status < 500)
  })

  test.run()
}
