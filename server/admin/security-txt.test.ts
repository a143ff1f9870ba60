import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin } from '#contract'
import { type TestApp, testApp } from '../../test/kit/app.ts'
import { fakeClock } from '../../test/kit/clock.ts'

const test = suite<{ app: TestApp }>('security.txt')
const clock = fakeClock('2026-03-04T15:16:17.000Z')
test.before(async (context) => {
  context.app = await testApp({ plugins: [], clock })
})
test.after(({ app }) => app.close())

test('says whom to tell about a hole, as RFC 9116 wants it, and only where the label named somebody [SEC-14]', async ({
  app,
}) => {
  const get = () => app.request('/.well-known/security.txt')
  assert.is((await get()).status, 404)
  const owner = app.as(await app.addAccount({ roles: ['owner'] }))
  for (const securityContact of ['security@label.test', 'javascript:alert(1)', 'http://label.test'])
    assert.is((await owner.call(admin.updateSettings, { body: { securityContact } })).status, 422)
  const body = { securityContact: 'mailto:security@label.test' }
  assert.is((await owner.call(admin.updateSettings, { body })).status, 200)
  const answer = await get()
  assert.match(answer.headers.get('content-type') ?? '', 'text/plain; charset=utf-8')
  assert.is(
    await answer.text(),
    [
      'Contact: mailto:security@label.test',
      'Expires: 2027-03-04T00:00:00Z',
      'Preferred-Languages: en, fr',
      'Canonical: http://main.test/.well-known/security.txt',
      '',
    ].join('\n'),
  )
})

test.run()
