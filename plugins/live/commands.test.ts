import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ProblemError } from '#sdk'
import { getChannel } from './channels.ts'
import { commands } from './commands.ts'
import { findPublisher } from './stream-keys.ts'
import { insertStream, listStopRequests } from './streams.ts'
import { eventually, type LiveApp, liveApp } from './testdata/kit.ts'

const test = suite<LiveApp>('live commands')
test.before(async (context) => {
  Object.assign(context, await liveApp({ roles: [] }))
})
test.after(({ app }) => app.close())

const commandNamed = (name: string) => {
  const command = commands.find((candidate) => candidate.name === name)
  if (!command) throw new Error(`There is no command ${name}.`)
  return command
}
/** What `--json` prints, and what a person reads. */
async function run({ ctx }: LiveApp, name: string, input: object) {
  const command = commandNamed(name)
  const result = await command.run(command.input.parse(input) as never, ctx as never, {} as never)
  return { result: result as Record<string, string>, text: command.text(result as never) }
}

test('stream-key create makes the channel and prints channel, url and key, nothing else [LIVE-02]', async (context) => {
  const { result, text } = await run(context, 'stream-key create', { channel: 'friday', title: 'Friday' })
  assert.equal(Object.keys(result), ['channel', 'url', 'key'])
  assert.is(result.channel, 'friday')
  assert.match(result.url ?? '', /^rtmp:\/\/main\.test:\d+\/live$/)
  assert.ok(text.includes(result.key ?? '?'))
  const found = await findPublisher(context.ctx.db, result.key ?? '')
  assert.equal(
    [found?.channel.slug, found?.channel.title, found?.channel.ownerId],
    ['friday', 'Friday', null],
  )
  const second = await run(context, 'stream-key create', { channel: 'friday' })
  assert.is.not(second.result.key, result.key)
  assert.is((await findPublisher(context.ctx.db, result.key ?? ''))?.channel.id, found?.channel.id)
})

test('channels are made for whom they are, with a key or without [LIVE-20]', async (context) => {
  const { result, text } = await run(context, 'channel create', {
    slug: 'cellar',
    title: 'Cellar',
    access: 'members',
  })
  assert.equal([result.channel, result.access], ['cellar', 'members'])
  assert.match(text, /members.*\/live\/cellar$/)
  const withKey = await run(context, 'stream-key create', { channel: 'attic', access: 'ticket' })
  const found = await findPublisher(context.ctx.db, withKey.result.key ?? '')
  assert.is(found?.channel.access, 'ticket')
  assert.is((await getChannel(context.ctx.db, 'cellar')).access, 'members')
  // The same again is fine; another rule is not taken for one that was asked for.
  await run(context, 'stream-key create', { channel: 'cellar', access: 'members' })
  const other = { channel: 'cellar', access: 'public' }
  const error = await run(context, 'stream-key create', other).catch((thrown: unknown) => thrown)
  assert.instance(error, ProblemError)
  const twice = { slug: 'cellar', title: 'Again' }
  const taken = await run(context, 'channel create', twice).catch((thrown: unknown) => thrown)
  assert.instance(taken, ProblemError)
  assert.is((await getChannel(context.ctx.db, 'cellar')).access, 'members')
})

test('stream-key list shows no key', async (context) => {
  const { result } = await run(context, 'stream-key create', { channel: 'listed' })
  const list = await run(context, 'stream-key list', { channel: 'listed' })
  assert.not(JSON.stringify(list).includes(result.key ?? '?'))
  assert.match(list.text, new RegExp(`${result.key?.slice(0, 4)}….*never used`))
  const error = await run(context, 'stream-key list', { channel: 'nowhere' }).catch(
    (thrown: unknown) => thrown,
  )
  assert.instance(error, ProblemError)
})

test('stream-key revoke takes an id or the first 4 characters and ends the stream [LIVE-02]', async (context) => {
  const { db } = context.ctx
  const { result } = await run(context, 'stream-key create', { channel: 'ending' })
  const found = await findPublisher(db, result.key ?? '')
  const stream = await insertStream(db, {
    channelId: found!.channel.id,
    keyId: found!.key.id,
    title: 'On air',
  })
  const revoked = await run(context, 'stream-key revoke', { key: found!.key.hint })
  assert.equal([revoked.result.id, revoked.result.channel], [found!.key.id, 'ending'])
  assert.is(await findPublisher(db, result.key ?? ''), null)
  await eventually('the request to stop', async () =>
    (await listStopRequests(db)).some((request) => request.id === stream.id),
  )
  const again = await run(context, 'stream-key revoke', { key: 'ffff' }).catch((thrown: unknown) => thrown)
  assert.instance(again, ProblemError)
})

test('wrong options are refused before anything is done', () => {
  assert.not(commandNamed('stream-key create').input.safeParse({ channel: 'Not a slug' }).success)
  assert.not(commandNamed('stream-key create').input.safeParse({}).success)
  assert.not(
    commandNamed('stream-key create').input.safeParse({ channel: 'attic', access: 'friends' }).success,
  )
  assert.not(commandNamed('channel create').input.safeParse({ slug: 'x' }).success)
  assert.not(commandNamed('stream-key revoke').input.safeParse({ key: 'abc' }).success)
})

test.run()
