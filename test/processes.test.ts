import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { listMessages, postMessage } from '../plugins/chat/contract.ts'
import { bundledPlugins } from '../plugins/index.ts'
import { VezaError } from '../server/errors.ts'
import { testApp } from './kit/app.ts'

function redisUrl(): string {
  const url = process.env.VEZA_TEST_REDIS_URL
  if (!url) throw new Error('No Redis for the tests: run them by `npm test`, or set VEZA_TEST_REDIS_URL.')
  return url
}

test('what is said in one process arrives in the other through Redis', async () => {
  const environment = { VEZA_REDIS_URL: redisUrl(), VEZA_REDIS_PREFIX: `t${process.pid}` }
  const first = await testApp({ plugins: bundledPlugins, environment })
  const second = await testApp({ plugins: bundledPlugins, environment, dataDir: first.dataDir })
  const member = await first.addAccount()
  const socket = await second.socket()
  socket.send({ op: 'join', id: 1, channel: 'chat.room', params: { slug: 'general' } })
  await socket.until((frame) => frame.op === 'joined', 'answer to join')
  await first.as(member).call(postMessage, { params: { slug: 'general' }, body: { text: 'from next door' } })
  const said = await socket.until((frame) => frame.op === 'message' && frame.type === 'said', 'message')
  assert.is((said.data as { text: string }).text, 'from next door')
  const history = await second.call(listMessages, { params: { slug: 'general' } })
  assert.is(history.body.items.length, 1)
  socket.close()
  await second.appliance.stop()
  await first.close()
})

test('a Redis that is not there stops the start in one sentence', async () => {
  const started = testApp({ plugins: [], environment: { VEZA_REDIS_URL: 'redis://127.0.0.1:1' } })
  await started.then(
    () => assert.unreachable('it started'),
    (error: unknown) => {
      assert.instance(error, VezaError)
      assert.match((error as VezaError).message, /^Redis does not answer/)
    },
  )
})

test.run()
