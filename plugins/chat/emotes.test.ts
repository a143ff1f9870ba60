import sharp from 'sharp'
import { suite, type Test } from 'uvu'
import * as assert from 'uvu/assert'
import { newId } from '#sdk'
import { type TestAccount, type TestApp, testApp } from '../../test/kit/app.ts'
import { databaseKinds } from '../../test/kit/databases.ts'
import * as contract from './contract.ts'
import { putEmote } from './emotes.ts'
import chat from './index.ts'

interface Context {
  app: TestApp
  mod: TestAccount
  ana: TestAccount
}

const square = (colour: string) =>
  sharp({ create: { width: 200, height: 100, channels: 4, background: colour } })
    .png()
    .toBuffer()

for (const kind of databaseKinds) {
  const test = suite<Context>(`emotes on ${kind}`)
  test.before(async (context) => {
    context.app = await testApp({ plugins: [chat], kind })
    context.mod = await context.app.addAccount({ roles: ['moderator'] })
    context.ana = await context.app.addAccount()
  })
  test.after(({ app }) => app.close())
  tests(test)
  test.run()
}

function tests(test: Test<Context>) {
  const put = (app: TestApp, by: TestAccount | null, name: string, body: unknown) =>
    (by ? app.as(by) : app).callRaw(contract.setEmote as never, { params: { name }, body } as never)
  const list = async (app: TestApp, by?: TestAccount) =>
    (await (by ? app.as(by) : app).call(contract.listEmotes)).body
  const namesIn = async (app: TestApp) => (await list(app)).items.map(({ name }) => name)
  const files = async (app: TestApp) => {
    const keys: string[] = []
    for await (const { key } of app.site.storage.list('chat-emotes')) keys.push(key)
    return keys
  }

  test('a moderator makes one, everybody sees it as a clean square, and it gives way to another picture [LIVE-07] [CHAT-10]', async ({
    app,
    mod,
    ana,
  }) => {
    assert.equal(await list(app), { items: [], can: { manage: false } })
    assert.is((await put(app, mod, 'wave', await square('#c33'))).status, 200)
    assert.is((await put(app, mod, 'vinyl', await square('#111'))).status, 200)
    assert.equal(await namesIn(app), ['vinyl', 'wave'])
    assert.equal([(await list(app, mod)).can.manage, (await list(app, ana)).can.manage], [true, false])
    const before = (await list(app)).items[0]!
    const answer = await app.request(before.url)
    assert.is(answer.headers.get('content-type'), 'image/webp')
    const facts = await sharp(Buffer.from(await answer.arrayBuffer())).metadata()
    assert.equal([facts.width, facts.height], [96, 96])
    await put(app, mod, 'vinyl', await square('#eee'))
    const after = (await list(app)).items[0]!
    assert.is(after.id, before.id)
    assert.is.not(after.url, before.url)
    assert.is((await files(app)).length, 2, 'the picture of before is gone')
  })

  test('others make none, and what is no name or no picture is refused and leaves nothing [LIVE-07] [CHAT-10]', async ({
    app,
    mod,
    ana,
  }) => {
    const [kept, picture] = [await files(app), await square('#39c')]
    assert.equal(
      [(await put(app, null, 'mine', picture)).status, (await put(app, ana, 'mine', picture)).status],
      [401, 403],
    )
    for (const name of ['x', 'Loud', 'a-b', 'é1', 'n'.repeat(25)])
      assert.is((await put(app, mod, name, picture)).status, 422, name)
    const page = Buffer.from('GIF89a<script>alert(1)</script>')
    assert.is((await put(app, mod, 'mine', page)).status, 422)
    assert.equal(await files(app), kept)
    assert.is(
      (await app.as(ana).callRaw(contract.removeEmote as never, { params: { name: 'wave' } } as never))
        .status,
      403,
    )
  })

  test('one that is deleted is gone with its picture, and there are no more than enough [LIVE-07] [CHAT-10]', async ({
    app,
    mod,
  }) => {
    const remove = (name: string) => app.as(mod).call(contract.removeEmote, { params: { name } })
    assert.equal([(await remove('wave')).status, (await remove('wave')).status], [204, 404])
    assert.equal([await namesIn(app), (await files(app)).length], [['vinyl'], 1])
    const { db } = app.site.database
    await db.tx(async (db) => {
      for (let n = 1; n < contract.mostEmotes; n++)
        await putEmote(db, { name: `many_${n}`, pictureKey: `chat-emotes/${newId()}.webp` })
    })
    assert.is((await put(app, mod, 'another', await square('#39c'))).status, 409)
    assert.is((await put(app, mod, 'vinyl', await square('#39c'))).status, 200, 'one that is there')
    assert.is((await files(app)).length, 1)
  })
}
