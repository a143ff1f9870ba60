import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type TestApp, testApp } from '../../test/kit/app.ts'

const test = suite<{ app: TestApp }>('pages of the shell')
test.before(async (context) => {
  context.app = await testApp({ plugins: [] })
})
test.after(({ app }) => app.close())

const open = ['/login', '/register']
const own = ['/forgot', '/reset', '/verify', '/account', '/account/security', '/setup', '/admin']

async function look({ app }: { app: TestApp }, path: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(app.url + path, { headers: { 'accept-language': 'fr' } })
  return { status: answer.status, text: await answer.text() }
}

test('every page answers, with its title in the reader’s language', async (context) => {
  for (const path of [...open, ...own]) assert.is((await look(context, path)).status, 200, path)
  assert.match((await look(context, '/reset')).text, '<title>Choisir un nouveau mot de passe')
})

test('search engines are kept from what is opened by a secret link or is somebody’s own', async (context) => {
  for (const path of own) assert.match((await look(context, path)).text, 'content="noindex"', path)
  for (const path of open) assert.not.match((await look(context, path)).text, 'noindex', path)
})

test.run()
