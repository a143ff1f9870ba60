import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import { type TestAccount, type TestApp, type TestSocket, testApp } from '../../test/kit/app.ts'
import { banMember, listMessages, postMessage, removeMessage, setSlowMode } from './contract.ts'
import chat from './index.ts'

const params = { slug: 'general' }
const place = { channel: 'chat.room', params }
type Frame = Record<string, unknown>
const isMessage = (type: string) => (frame: Frame) => frame.op === 'message' && frame.type === type
const dataOf = (frame: Frame) => frame.data as Frame

async function join(app: TestApp, account?: TestAccount): Promise<TestSocket> {
  const socket = await app.socket(account)
  socket.send({ op: 'join', id: 'j', ...place })
  await socket.until((frame) => frame.id === 'j', 'answer to join')
  return socket
}

async function ask(socket: TestSocket, data: object): Promise<Frame> {
  const id = newId()
  socket.send({ op: 'send', id, ...place, type: 'say', data })
  return socket.until((frame) => frame.id === id, 'answer to say')
}

const test = suite<{ app: TestApp; ana: TestAccount; mod: TestAccount }>('chat by socket')
test.before(async (context) => {
  context.app = await testApp({ plugins: [chat] })
  context.mod = await context.app.addAccount({ roles: ['moderator'] })
})
test.before.each(async (context) => {
  context.ana = await context.app.addAccount()
})
test.after(({ app }) => app.close())

test('what one says arrives at everybody, guests included, and is answered as stored [CHAT-04]', async ({
  app,
  ana,
}) => {
  const [speaker, guest] = [await join(app, ana), await join(app)]
  const clientId = newId()
  const answer = await ask(speaker, { text: 'hello <b>', clientId })
  const heard = await guest.until((frame) => isMessage('said')(frame) && dataOf(frame).clientId === clientId)
  assert.equal(answer.result, heard.data)
  assert.is(dataOf(heard).text, 'hello <b>')
  const { items } = (await app.call(listMessages, { params })).body
  assert.equal(items.at(-1), heard.data as never)
})

test('a resend, by socket or by request, is told to the room once [CHAT-19]', async ({ app, ana }) => {
  const [speaker, guest] = [await join(app, ana), await join(app)]
  const sent = { text: 'once', clientId: newId() }
  const answers = await Promise.all([ask(speaker, sent), ask(speaker, sent)])
  const byRequest = await app.as(ana).call(postMessage, { params, body: sent })
  assert.equal(
    answers.map((answer) => (answer.result as Frame).id),
    [byRequest.body.id, byRequest.body.id],
  )
  const last = await app.as(ana).call(postMessage, { params, body: { text: 'last' } })
  await guest.until((frame) => isMessage('said')(frame) && dataOf(frame).id === last.body.id)
  const told = guest.received.filter(
    (frame) => isMessage('said')(frame) && dataOf(frame).id === byRequest.body.id,
  )
  assert.is(told.length, 1)
})

test('refuses guests who write, empty texts and rooms that are not there [CHAT-04]', async ({ app, ana }) => {
  const guest = await join(app)
  const refused = await ask(guest, { text: 'x', clientId: newId() })
  assert.is((refused.problem as Frame).status, 401)
  const speaker = await join(app, ana)
  const empty = await ask(speaker, { text: ' \u200b ', clientId: newId() })
  assert.is((empty.problem as Frame).status, 422)
  speaker.send({ op: 'join', id: 'n', channel: 'chat.room', params: { slug: 'nowhere' } })
  const nowhere = await speaker.until((frame) => frame.id === 'n')
  assert.is((nowhere.problem as Frame).status, 404)
})

test('tells the room of removals, bans and slow mode, and puts the banned out [CHAT-18]', async ({
  app,
  ana,
  mod,
}) => {
  const [banned, guest] = [await join(app, ana), await join(app)]
  const message = (await app.as(ana).call(postMessage, { params, body: { text: 'x' } })).body
  await app.as(mod).call(removeMessage, { params: message })
  assert.is(dataOf(await guest.until(isMessage('removed'))).id, message.id)
  const body = { accountId: ana.id, minutes: 5, reason: '', removeMessages: false }
  await app.as(mod).call(banMember, { params, body })
  assert.is(dataOf(await guest.until(isMessage('banned'))).accountId, ana.id)
  await banned.until((frame) => frame.op === 'expelled')
  banned.send({ op: 'join', id: 'again', ...place })
  const again = await banned.until((frame) => frame.id === 'again')
  assert.is((again.problem as Frame).type, 'urn:veza:problem:chat.banned')
  await app.as(mod).call(setSlowMode, { params, body: { slowModeS: 7 } })
  assert.is(dataOf(await guest.until(isMessage('changed'))).slowModeS, 7)
  await app.as(mod).call(setSlowMode, { params, body: { slowModeS: 0 } })
})

test('tells how many are here: an account once, each guest once', async () => {
  const app = await testApp({ plugins: [chat] })
  const ana = await app.addAccount()
  const here = (people: number) => (frame: Frame) =>
    isMessage('here')(frame) && dataOf(frame).people === people
  const [guest, first, second] = [await join(app), await join(app, ana), await join(app, ana)]
  await guest.until(here(2), 'count of two')
  first.close()
  await first.closed
  const late = await join(app)
  await late.until(here(3), 'count of three, the account still here by its second tab')
  second.close()
  await late.until(
    (frame) => here(2)(frame) && late.received.indexOf(frame) > late.received.findIndex(here(3)),
  )
  await app.close()
})

test.run()
