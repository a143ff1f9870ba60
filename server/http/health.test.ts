import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { definePlugin } from '#sdk'
import { testApp } from '../../test/kit/app.ts'

const test = suite('health and metrics')

test('says that it lives, and that it is ready only while every part of it is', async () => {
  let isReady = true
  const part = definePlugin({
    name: 'part',
    version: '1.0.0',
    title: 'Part',
    setup: (ctx) => ctx.onReady('part', () => isReady),
  })
  const app = await testApp({ plugins: [part] })
  const ready = async () => {
    const response = await app.request('/health/ready')
    return { status: response.status, ...((await response.json()) as { checks: object }) }
  }
  assert.equal(await ready(), {
    status: 'ok',
    checks: { started: true, 'main.database': true, 'main.part': true },
  })
  isReady = false
  const response = await app.request('/health/ready')
  assert.is(response.status, 503)
  assert.equal(((await response.json()) as { checks: object }).checks, {
    started: true,
    'main.database': true,
    'main.part': false,
  })
  assert.is((await app.request('/health/live')).status, 200)
  await app.site.database.close()
  const without = await app.request('/health/ready')
  assert.equal([without.status, (await app.request('/health/live')).status], [503, 200])
  await app.close()
})

test('gives figures to the machine itself, and none to what came through a proxy', async () => {
  const app = await testApp({ plugins: [] })
  await app.request('/api/v1/site')
  const metrics = await app.request('/metrics')
  assert.is(metrics.status, 200)
  assert.match(await metrics.text(), /veza_http_request_seconds_count\{kind="api",status="2xx"\} 1/)
  for (const name of ['x-forwarded-for', 'forwarded']) {
    const refused = await app.request('/metrics', { headers: { [name]: '127.0.0.1' } })
    assert.is(refused.status, 403)
    assert.not.match(await refused.text(), 'veza_')
  }
  await app.close()
})

test('a process without the role "web" answers health and metrics, and no page', async () => {
  const app = await testApp({ plugins: [], roles: ['worker'] })
  assert.is((await app.request('/health/ready')).status, 200)
  assert.is((await app.request('/metrics')).status, 200)
  for (const path of ['/', '/api/v1/site']) assert.is((await app.request(path)).status, 404)
  await app.close()
})

test.run()
