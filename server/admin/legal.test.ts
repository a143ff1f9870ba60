import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin } from '#contract'
import { type Client, type TestApp, testApp } from '../../test/kit/app.ts'

const test = suite<{ app: TestApp; owner: Client }>('terms and privacy page')
test.before(async (context) => {
  context.app = await testApp({ plugins: [] })
  context.owner = context.app.as(await context.app.addAccount({ roles: ['owner'], username: 'boss' }))
})
test.after(({ app }) => app.close())

const look = (app: TestApp, name: string) => app.call(admin.sitePage, { params: { name } })

test('are not there before the label has written them, nor under other names', async ({ app }) => {
  for (const name of ['terms', 'privacy', 'title', 'constructor', '__proto__'])
    assert.is((await look(app, name)).status, 404, name)
  for (const path of ['/terms', '/privacy']) assert.is((await app.request(path)).status, 404, path)
})

test('are read by everybody, in the app and without it [SEC-15]', async ({ app, owner }) => {
  const terms = '## Sharing\n\nBe *kind*.\n\n<script>alert(1)</script>'
  await owner.call(admin.updateSettings, { body: { terms } })
  const { html } = (await look(app, 'terms')).body
  assert.match(html, /<h[34]>Sharing<\/h[34]>/)
  assert.match(html, '<em>kind</em>')
  assert.not.match(html, '<script>')
  const page = await app.request('/terms')
  const text = await page.text()
  assert.is(page.status, 200)
  assert.match(text, '<h1>Terms</h1>')
  assert.match(text, '<em>kind</em>')
  assert.is((await look(app, 'privacy')).status, 404)
})

test('a long text is Markdown to its end [SEC-15]', async ({ app, owner }) => {
  const paragraphs = Array.from({ length: 60 }, (_, n) => `Part *${n}*: ${'word '.repeat(100).trim()}.`)
  const privacy = paragraphs.join('\n\n')
  assert.ok(privacy.length > 30_000)
  await owner.call(admin.updateSettings, { body: { privacy } })
  const { html } = (await look(app, 'privacy')).body
  assert.is(html.match(/<p>/g)?.length, 60)
  assert.match(html, '<em>0</em>')
  assert.match(html, '<em>59</em>')
})

test.run()
