import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hash } from '@node-rs/argon2'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import { login, member } from './testdata/member.ts'

const strong = /^\$argon2id\$v=19\$m=47104,t=3,p=1\$/

for (const kind of databaseKinds) {
  const test = suite<{ app: TestApp }>(`passwords on ${kind}`)
  test.before(async (context) => {
    context.app = await testApp({ kind, plugins: [], hashesStrongly: true })
  })
  test.after(({ app }) => app.close())

  test('a hash of weaker parameters is made anew at the next sign-in [AUTH-13]', async ({ app }) => {
    const { id, username, password } = await member(app)
    const { db } = app.site.database
    const stored = async (): Promise<string> => (await db('accounts').where({ id }).first()).passwordHash
    assert.match(await stored(), strong)
    const weaker = await hash(password, { memoryCost: 8_192, timeCost: 1, parallelism: 1 })
    await db('accounts').where({ id }).update({ passwordHash: weaker })
    await login(app, username, 'a wrong guess')
    assert.is(await stored(), weaker)
    assert.is((await login(app, username, password)).status, 200)
    assert.match(await stored(), strong)
    assert.is((await login(app, username, password)).status, 200)
  })

  test.run()
}

const cost = suite('the cost of a hash')

cost('only the tests lower it [AUTH-13]', async () => {
  const root = fileURLToPath(new URL('../../', import.meta.url))
  const naming: string[] = []
  for (const zone of ['cli', 'server', 'plugins', 'migrations'])
    for (const entry of await readdir(join(root, zone), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      if (!entry.isFile() || !/\.tsx?$/.test(path) || /\.test\.tsx?$/.test(path)) continue
      if ((await readFile(path, 'utf8')).includes('hashCheaply')) naming.push(path.slice(root.length))
    }
  assert.equal(naming, ['server/identity/passwords.ts'])
})

cost.run()
