import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createMetrics } from './index.ts'

const test = suite('metrics')

test('counts for each site under one name, whoever asks first', async () => {
  const metrics = createMetrics()
  const [main, second] = [metrics.forSite('main'), metrics.forSite('second')]
  main.counter('veza_chat_messages_total', 'Messages.', ['kind']).inc({ kind: 'text' })
  main.counter('veza_chat_messages_total', 'Messages.', ['kind']).inc({ kind: 'text' }, 2)
  second.counter('veza_chat_messages_total', 'Messages.', ['kind']).inc({ kind: 'text' })
  const text = await metrics.text()
  assert.match(text, 'veza_chat_messages_total{kind="text",site="main"} 3')
  assert.match(text, 'veza_chat_messages_total{kind="text",site="second"} 1')
})

test('asks gauges at each look, and forgets those of a closed site', async () => {
  const metrics = createMetrics()
  let viewers = 1
  metrics.forSite('main').gauge('veza_live_viewers', 'Viewers.', () => viewers)
  metrics.forSite('second').gauge('veza_live_viewers', 'Viewers.', () => {
    throw new Error('closed')
  })
  assert.match(await metrics.text(), 'veza_live_viewers{site="main"} 1')
  assert.match(await metrics.text(), 'veza_live_viewers{site="second"} Nan')
  viewers = 5
  assert.match(await metrics.text(), 'veza_live_viewers{site="main"} 5')
  metrics.forSite('main').gauge('veza_live_viewers', 'Viewers.', () => 7)
  assert.match(await metrics.text(), 'veza_live_viewers{site="main"} 7')
  metrics.forget('second')
  const text = await metrics.text()
  assert.not.match(text, 'site="second"')
  assert.match(text, 'site="main"')
})

test('takes only names that begin with veza_', () => {
  const site = createMetrics().forSite('main')
  assert.throws(() => site.counter('chat_total', 'x'), 'veza_')
  assert.throws(() => site.gauge('veza_Bad-name', 'x', () => 1), 'veza_')
})

test('shows the process itself and how long answers take', async () => {
  const metrics = createMetrics()
  metrics.observeRequest('api', 204, 0.003)
  const text = await metrics.text()
  assert.match(text, 'process_resident_memory_bytes')
  assert.match(text, 'veza_http_request_seconds_count{kind="api",status="2xx"} 1')
})

test.run()
