import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { insertChannel } from '../channels.ts'
import { type LiveApp, liveApp } from '../testdata/kit.ts'
import { accessCommands } from './commands.ts'
import { claimCode, listPasses, passesOf } from './passes.ts'

const test = suite<LiveApp & { channelId: string }>('guests and tickets by the command line')
test.before(async (context) => {
  Object.assign(context, await liveApp({ roles: [] }))
  const input = { slug: 'back-room', title: 'Back room', description: '', ownerId: null }
  context.channelId = (await insertChannel(context.ctx.db, input)).id
})
test.after(({ app }) => app.close())

async function run({ ctx }: LiveApp, name: string, input: object) {
  const command = accessCommands.find((candidate) => candidate.name === name)
  if (!command) throw new Error(`There is no command ${name}.`)
  const result = await command.run(command.input.parse(input) as never, ctx as never, {} as never)
  return { result: result as Record<string, never>, text: command.text(result as never) }
}

test('ticket create prints codes that are good there, and nowhere else to be read [LIVE-20]', async (context) => {
  const { ctx, app, channelId } = context
  const { result, text } = await run(context, 'ticket create', { channel: 'back-room', count: '2' })
  const codes = (result.items as unknown as { code: string }[]).map(({ code }) => code)
  assert.is(codes.length, 2)
  for (const code of codes) assert.ok(text.includes(code))
  const { id } = await app.addAccount()
  assert.ok(await claimCode(ctx.db, channelId, { code: codes[0] ?? '', accountId: id }))
  assert.is((await passesOf(ctx.db, id, [channelId])).length, 1)
  const [entry] = await ctx.db('audit_entries').where({ action: 'live.tickets-made' })
  assert.not.match(JSON.stringify(entry), new RegExp(codes[0] ?? ''))
  for (const bad of [
    { channel: 'back-room', count: 'many' },
    { channel: 'back-room', count: '0' },
    { count: '1' },
  ])
    assert.throws(() => accessCommands[0]?.input.parse(bad))
  assert.is(await run(context, 'ticket create', { channel: 'nowhere' }).catch(() => 'refused'), 'refused')
})

test('guest add takes a username or an address, and not both [LIVE-20]', async (context) => {
  const { ctx, app, channelId } = context
  const ann = await app.addAccount()
  await run(context, 'guest add', { channel: 'back-room', username: ann.username })
  await run(context, 'guest add', { channel: 'back-room', email: 'friend@people.test' })
  assert.is((await passesOf(ctx.db, ann.id, [channelId])).length, 1)
  assert.is((await app.inbox())[0]?.toAddress, 'friend@people.test')
  assert.is((await listPasses(ctx.db, channelId, { limit: 1 })).items[0]?.email, 'friend@people.test')
  for (const bad of [{}, { username: ann.username, email: 'friend@people.test' }])
    assert.throws(() => accessCommands[1]?.input.parse({ channel: 'back-room', ...bad }))
})

test.run()
