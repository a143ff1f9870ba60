import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { conflict, defineChannel, z } from '#contract'
import { type Member, problem } from '#sdk'
import { anybody, type Client, joinFrame, openSite, person, room, type Site, until } from './testdata/site.ts'

let site: Site
const test = suite('realtime hub')
test.before.each(async () => {
  site = await openSite()
})
test.after.each(async () => {
  await site.close()
})

test('delivers what is published to those in the room, and to nobody else', async () => {
  const realtime = site.hub.realtimeFor('chat')
  realtime.channel(room, anybody)
  const [inside, outside] = [await site.connect(), await site.connect()]
  inside.ask({ op: 'join', id: 'x', channel: 'chat.room', params: { side: 'b', slug: 'a' } })
  outside.ask(joinFrame('other'))
  assert.is((await inside.next()).id, 'x')
  await outside.next()
  realtime.publish(room, { slug: 'a', side: 'b' }, 'said', { text: 'hello' })
  realtime.publish(room, { slug: 'other' }, 'said', { text: 'other' })
  assert.equal(await inside.next(), {
    op: 'message',
    channel: 'chat.room',
    params: { slug: 'a', side: 'b' },
    type: 'said',
    data: { text: 'hello' },
  })
  assert.equal((await outside.next()).data, { text: 'other' })
})

test('refuses unknown channels, wrong params, and people the channel does not want', async () => {
  const realtime = site.hub.realtimeFor('chat')
  realtime.channel(room, {
    canJoin: (member, { slug }) => {
      if (slug === 'busy') throw problem(conflict, 'Full.')
      return member.account !== null
    },
  })
  const refusal = async (client: Client, frame: object) => {
    client.ask(frame)
    const answer = await client.next()
    assert.is(answer.op, 'refused')
    return answer.problem as { status: number; detail?: string; errors?: { pointer: string }[] }
  }
  const guest = await site.connect()
  assert.is((await refusal(guest, { ...joinFrame(), channel: 'nope' })).status, 404)
  const wrong = await refusal(guest, { ...joinFrame(), params: { slug: 3 } })
  assert.is(wrong.status, 422)
  assert.is(wrong.errors?.[0]?.pointer, '/params/slug')
  assert.is((await refusal(guest, { ...joinFrame(), params: { slug: 'x'.repeat(2000) } })).status, 422)
  assert.is((await refusal(guest, joinFrame())).status, 401)
  assert.equal((await refusal(guest, joinFrame('busy'))).detail, 'Full.')
  assert.is((await refusal(guest, { ...joinFrame(), op: 'send', type: 'say', data: {} })).status, 403)
  assert.is(site.hub.roomCount, 0)
})

test('runs commands of members in order and answers with their result or problem', async () => {
  const heard: [Member, string][] = []
  site.who.account = person('ann')
  site.hub.realtimeFor('chat').channel(room, {
    canJoin: async () => true,
    on: {
      say: (member, _params, { text }) => {
        if (text === 'bad') throw problem(conflict, 'Slow mode.')
        if (text === 'broken') throw new Error('a password: hunter2')
        heard.push([member, text])
        return { length: text.length }
      },
    },
  })
  const client = await site.connect()
  client.ask(joinFrame())
  const say = (id: number, data: unknown, type = 'say') =>
    client.ask({ op: 'send', id, channel: 'chat.room', params: { slug: 'a' }, type, data })
  say(2, { text: 'hey' })
  say(3, { text: 'bad' })
  say(4, { text: 5 })
  say(5, { text: 'broken' })
  say(6, {}, 'constructor')
  say(7, {}, 'wait')
  assert.is((await client.next()).op, 'joined')
  assert.equal(await client.next(), { op: 'done', id: 2, result: { length: 3 } })
  const problems = [await client.next(), await client.next(), await client.next(), await client.next()]
  assert.equal(
    problems.map((frame) => [frame.id, (frame.problem as { status: number }).status]),
    [
      [3, 409],
      [4, 422],
      [5, 500],
      [6, 404],
    ],
  )
  assert.not.match(JSON.stringify(problems), 'hunter2')
  assert.is(((await client.next()).problem as { status: number }).status, 404)
  assert.equal(
    heard.map(([member, text]) => [member.account?.id, text]),
    [['ann', 'hey']],
  )
})

test('counts who is present and tells the channel who came and went', async () => {
  const realtime = site.hub.realtimeFor('chat')
  const story: string[] = []
  realtime.channel(room, {
    canJoin: () => true,
    joined: (member) => story.push(`+${member.account?.id ?? 'guest'}`),
    left: (member) => story.push(`-${member.account?.id ?? 'guest'}`),
  })
  const guest = await site.connect()
  site.who = { ...site.who, account: person('ann') }
  const [first, second] = [await site.connect(), await site.connect()]
  for (const client of [guest, first, second]) {
    client.ask(joinFrame())
    await client.next()
  }
  assert.equal(realtime.presence(room, { slug: 'a' }), { connections: 3, accounts: ['ann'] })
  second.ask({ op: 'leave', channel: 'chat.room', params: { slug: 'a' } })
  guest.socket.terminate()
  await until(() => story.length === 5)
  assert.equal(story.slice(0, 3), ['+guest', '+ann', '+ann'])
  assert.equal(realtime.presence(room, { slug: 'a' }), { connections: 1, accounts: ['ann'] })
  realtime.expel(room, { slug: 'a' }, 'ann')
  assert.is((await first.next()).op, 'expelled')
  assert.is(site.hub.roomCount, 0)
})

test('asks again who may stay, of one room or one account, and puts out who may not [LIVE-20]', async () => {
  const realtime = site.hub.realtimeFor('chat')
  const closed = new Set<string>()
  realtime.channel(room, {
    canJoin: ({ account }, { slug }) => !closed.has(`${slug} ${account?.id ?? 'guest'}`),
  })
  const enter = async (id: string | null) => {
    site.who = { ...site.who, account: id === null ? null : person(id) }
    const client = await site.connect()
    for (const slug of ['a', 'b']) {
      client.ask(joinFrame(slug))
      assert.is((await client.next()).op, 'joined')
    }
    return client
  }
  const [guest, ann, ben] = [await enter(null), await enter('ann'), await enter('ben')]
  for (const one of ['a guest', 'b guest', 'a ann', 'b ann', 'a ben']) closed.add(one)
  realtime.askAgain(room, { params: { slug: 'a' }, accountId: 'ben' })
  const out = (slug: string) => ({ op: 'expelled', channel: 'chat.room', params: { slug } })
  assert.equal(await ben.next(), out('a'))
  realtime.askAgain(room, { params: { slug: 'a' } })
  assert.equal([await guest.next(), await ann.next()], [out('a'), out('a')])
  realtime.askAgain(room, { accountId: 'ann' })
  assert.equal(await ann.next(), out('b'))
  realtime.publish(room, { slug: 'b' }, 'said', { text: 'still here' })
  assert.equal(
    [(await guest.next()).data, (await ben.next()).data],
    [{ text: 'still here' }, { text: 'still here' }],
  )
})

test('closes the rooms of a disabled plugin and leaves the others open', async () => {
  const other = defineChannel({ name: 'live.viewers', params: z.strictObject({}), messages: {} })
  site.hub.realtimeFor('chat').channel(room, anybody)
  site.hub.realtimeFor('live').channel(other, anybody)
  const client = await site.connect()
  client.ask(joinFrame())
  client.ask({ op: 'join', id: 2, channel: 'live.viewers', params: {} })
  await client.next()
  await client.next()
  site.hub.dropOwner('chat')
  assert.equal(await client.next(), { op: 'expelled', channel: 'chat.room', params: { slug: 'a' } })
  client.ask(joinFrame())
  assert.is((await client.next()).op, 'refused')
  assert.is(site.hub.roomCount, 1)
  site.hub.realtimeFor('chat').channel(room, anybody)
  client.ask(joinFrame())
  assert.is((await client.next()).op, 'joined')
})

test('closes the connections of a session or an account that was signed out', async () => {
  site.who = { account: person('ann'), sessionId: 's1', address: '127.0.0.1' }
  const one = await site.connect()
  site.who = { ...site.who, sessionId: 's2' }
  const two = await site.connect()
  site.who = { account: person('bob'), sessionId: 's3', address: '127.0.0.1' }
  const bob = await site.connect()
  site.hub.closeSession('s1')
  assert.is(await one.closed(), 4001)
  await until(() => site.hub.connectionCount === 2)
  site.hub.closeAccount('ann')
  assert.is(await two.closed(), 4001)
  bob.ask({ op: 'ping' })
  assert.is((await bob.next()).op, 'pong')
})

test.run()
