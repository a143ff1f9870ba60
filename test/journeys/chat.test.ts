import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Visitor } from '../kit/browser.ts'
import { layLine } from '../kit/line.ts'
import { eventually } from '../kit/wait.ts'
import { choosePicture, nightSky } from './pictures.ts'
import { canBeRead } from './screen.ts'
import { type OpenStage, openStage, type Stage } from './stage.ts'

const room = '/chat/general'

let stage: OpenStage
test.before(async () => {
  stage = await openStage()
})
test.after(() => stage?.close())
const onStage = (story: (open: Stage) => Promise<void>) => stage.play(story)

test('lets guests read, members write, and a moderator remove and ban [CHAT-03] [CHAT-18]', () =>
  onStage(async ({ owner, member, visitor, server }) => {
    const [host, ben, guest] = [await owner(), await member('Ben'), await visitor('guest')]
    for (const person of [host, ben, guest]) await person.goTo(room)

    await write(ben, 'Which record opened the set?')
    for (const person of [host, ben, guest]) await person.sees(line(person, 'Which record opened the set?'))
    assert.is(await guest.page.getByRole('textbox').count(), 0, 'a guest has nothing to write in')
    await guest.sees(guest.page.getByRole('link', { name: 'Sign in to write' }))
    const refused = await guest.page.request.post('/api/v1/chat/rooms/general/messages', {
      data: { text: 'Hi' },
    })
    assert.is(refused.status(), 401)

    await write(ben, 'Buy my pills')
    await host.sees(line(host, 'Buy my pills'))
    await host.shoot('chat-moderator')
    await moderate(host, 'Remove message')
    for (const person of [host, ben, guest]) {
      await person.sees(log(person).getByText('Message removed'))
      assert.is(await line(person, 'Buy my pills').count(), 0)
    }

    await moderate(host, 'Ban for 10 minutes')
    await ben.sees('You cannot write in this room at the moment: a moderator banned you.')
    assert.is(await ben.page.getByRole('textbox').count(), 0)
    const again = await ben.page.request.post('/api/v1/chat/rooms/general/messages', { data: { text: 'Hi' } })
    assert.is(again.status(), 403)

    await host.page.getByRole('button', { name: 'Moderate this room' }).click()
    await host.page.getByRole('menuitem', { name: 'Banned members' }).click()
    await host.page.getByRole('button', { name: 'Lift' }).click()
    await host.sees('Nobody is banned from this room.')
    await ben.goTo(room)
    await write(ben, 'Sorry about that')
    await guest.sees(line(guest, 'Sorry about that'))

    const reader = await visitor('reader', { withScripts: false })
    await reader.goTo(room)
    await reader.sees('Which record opened the set?')
    assert.is(await reader.page.getByText('Buy my pills').count(), 0, `removed for good at ${server.url}`)
  }))

test('a moderator pins a message and gives the label an emote, which members choose [LIVE-07] [CHAT-10] [CHAT-17]', () =>
  onStage(async ({ owner, member, visitor }) => {
    const phone = { width: 320, height: 640, theme: 'dark' } as const
    const [host, eve, guest] = [await owner(), await member('Eve'), await visitor('late', phone)]
    for (const person of [host, eve]) await person.goTo(room)
    await write(host, 'Doors at ten, be kind')
    await eve.sees(line(eve, 'Doors at ten, be kind'))
    await pick(host, 'Pin for everybody')
    await guest.goTo(room)
    for (const person of [host, eve, guest]) await person.sees(pinned(person, 'Doors at ten, be kind'))
    assert.is(await eve.page.getByRole('button', { name: /^More for/ }).count(), 0, 'a member has no menu')

    await host.page.getByRole('button', { name: 'Moderate this room' }).click()
    await host.page.getByRole('menuitem', { name: 'Emotes' }).click()
    await host.page.getByRole('dialog', { name: 'Emotes' }).getByLabel('Name').fill('vinyl')
    await choosePicture(host, await nightSky(), 'Picture')
    await host.page.getByRole('button', { name: 'Use this part' }).click()
    await host.sees(host.page.getByRole('dialog', { name: 'Emotes' }).getByText(':vinyl:', { exact: true }))
    await canBeRead(host, 'chat-emotes')
    await host.page.keyboard.press('Escape')

    await eve.goTo(room)
    await eve.page.getByRole('textbox', { name: 'Message to' }).fill('Now playing')
    await eve.page.getByRole('button', { name: 'Emoji and emotes' }).click()
    await canBeRead(eve, 'chat-picker')
    const picker = eve.page.getByRole('dialog', { name: 'Choose an emoji or emote' })
    await picker.getByRole('button', { name: 'vinyl' }).press('Enter')
    const box = eve.page.getByRole('textbox')
    await eventually('the emote in the box', async () => (await box.inputValue()) === 'Now playing :vinyl: ')
    await box.press('Enter')
    await guest.goTo(room)
    for (const person of [eve, guest]) {
      const sign = log(person).getByRole('img', { name: ':vinyl:' })
      await eventually('the picture', () =>
        sign.evaluate((image: HTMLImageElement) => image.naturalWidth === 96),
      )
    }
    await canBeRead(guest, 'chat-pinned-phone')
    await host.page.getByRole('region', { name: 'Pinned message' }).getByRole('button').click()
    await host.page.getByRole('menuitem', { name: 'Unpin' }).click()
    for (const person of [host, eve, guest]) await person.missesOut(pinned(person, 'Doors at ten, be kind'))
  }))

test('loses and doubles nothing when the connection is cut [CHAT-19]', () =>
  onStage(async ({ server, member }) => {
    const wire = await layLine(server.port)
    try {
      const dora = await member('Dora')
      const cleo = await member('Cleo', { baseURL: wire.url })
      cleo.expects(/ERR_(CONNECTION|EMPTY|INTERNET|NETWORK|SOCKET)|WebSocket connection/)
      for (const person of [dora, cleo]) await person.goTo(room)
      await write(cleo, 'one')
      await dora.sees(line(dora, 'one'))

      wire.loseAnswers()
      await write(cleo, 'two')
      await dora.sees(line(dora, 'two'))
      wire.cut()
      await cleo.sees('No connection. Trying again; what you write is kept.')
      await write(cleo, 'three')
      await cleo.sees(cleo.page.getByText('Not sent: no connection').first())
      await cleo.shoot('chat-no-connection')
      for (const text of ['four', 'five', 'six']) await write(dora, text)
      assert.is(await line(cleo, 'six').count(), 0, 'the line is really cut')

      wire.mend()
      const all = ['one', 'two', 'three', 'four', 'five', 'six']
      for (const person of [dora, cleo]) {
        for (const text of all) await person.sees(line(person, text))
        assert.equal(await counts(person, all), [1, 1, 1, 1, 1, 1], `${person.name} sees each once`)
      }
      await cleo.missesOut(cleo.page.getByText('Not sent: no connection').first())
      await cleo.goTo(room)
      await cleo.sees(line(cleo, 'six'))
      assert.equal(await counts(cleo, all), [1, 1, 1, 1, 1, 1], 'each is stored once')
    } finally {
      await wire.close()
    }
  }))

async function write(person: Visitor, text: string): Promise<void> {
  await person.page.getByRole('textbox', { name: 'Message to' }).fill(text)
  await person.page.getByRole('button', { name: 'Send', exact: true }).click()
}

const log = (person: Visitor) => person.page.getByRole('log')
const line = (person: Visitor, text: string) => log(person).getByText(text, { exact: true })

function counts(person: Visitor, texts: string[]): Promise<number[]> {
  return Promise.all(texts.map((text) => line(person, text).count()))
}

const pinned = ({ page }: Visitor, text: string) =>
  page.getByRole('region', { name: 'Pinned message' }).getByText(text)

/** Picks from the menu of the last message that has one. */
async function pick(host: Visitor, action: string): Promise<void> {
  const menu = host.page.getByRole('button', { name: /^More for the message of/ }).last()
  await eventually('the menu', () => menu.isVisible())
  await menu.click()
  await host.page.getByRole('menuitem', { name: action }).click()
}

/** The same, and says yes. */
async function moderate(host: Visitor, action: string): Promise<void> {
  await pick(host, action)
  await host.page.getByRole('dialog').getByRole('button', { name: action }).click()
}

test.run()
