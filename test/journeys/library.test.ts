import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Visitor } from '../kit/browser.ts'
import { layLine } from '../kit/line.ts'
import { eventually } from '../kit/wait.ts'
import { inChapters } from './chapters.ts'
import { giveEars, hears, hearsNothing } from './ear.ts'
import { tellAbroad } from './library-abroad.ts'
import { fileOf, invited, isAt, namesOf, release, type Story, speedOf } from './library-story.ts'
import { choosePicture, nightSky } from './pictures.ts'
import { canBeRead } from './screen.ts'
import { makeAlbum, songs } from './songs.ts'
import { openStage, signIn } from './stage.ts'

const story = {} as Story
const chapter = inChapters(() => story.stage)

test.before(async () => {
  story.folder = await mkdtemp(join(tmpdir(), 'veza-songs-'))
  story.stage = await openStage()
})
test.after(async () => {
  await story.wire?.close()
  await story.stage?.close()
  await rm(story.folder, { recursive: true, force: true })
})

chapter(
  'brings a folder of every kind of file over a line that breaks [FILE-01] [FILE-02]',
  async ({ server, visitor }) => {
    const album = await makeAlbum(story.folder)
    story.wire = await layLine(server.port)
    const mira = await invited({ server, visitor }, 'Mira', story.wire.url)
    // A file that was refused is no upload any more, which is asked for where the answer was lost with the line.
    mira.expects(/(404|422) .*\/media\/uploads/)
    story.mira = mira
    const { page } = mira
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Upload' }).click()
    await mira.sees(page.getByRole('heading', { level: 1, name: 'Upload music' }))
    await mira.shoot('upload-empty')

    const setSpeed = await speedOf(mira)
    await setSpeed(2_000_000)
    const offsets: number[] = []
    page.on('request', (request) => {
      if (request.method() === 'PATCH') offsets.push(Number(request.headers()['upload-offset']))
    })
    await page.locator('input[type=file][aria-label="Choose a folder"]').setInputFiles(album)
    const halfway = page.getByRole('progressbar', { name: 'Progress of 01 Low Tide.wav' })
    await eventually('half of a file', () =>
      halfway.evaluate((bar) => (bar as HTMLProgressElement).value > 0.3),
    )
    mira.expects(/ERR_(CONNECTION|EMPTY|INTERNET|NETWORK|SOCKET)|WebSocket connection/)
    story.wire.cut()
    await mira.sees('No connection; goes on by itself')
    await canBeRead(mira, 'upload-no-connection')
    await setSpeed(-1)
    story.wire.mend()

    for (const { title } of songs) await mira.sees(fileOf(mira, title).filter({ hasText: 'Ready' }))
    await mira.sees(/^“10 Liner notes.mp3” is a text. This is not an audio file that can be used; take WAV/)
    await mira.sees(page.getByRole('heading', { name: '9 files are there' }))
    assert.ok(
      offsets.some((offset) => offset > 0),
      `what had arrived was not sent again: ${offsets.join(', ')}`,
    )
    await canBeRead(mira, 'upload-ready')
  },
)

chapter('makes a release of it, and publishes it [FILE-05] [FILE-06] [BEY-05]', async () => {
  const { mira } = story
  const { page } = mira
  await page.getByRole('button', { name: 'Make a release' }).click()
  await page.waitForURL(`**${release}/edit`)
  await mira.sees(page.getByRole('heading', { level: 1, name: 'Night Drives' }))
  const numbered = songs.map(({ title }) => title).join()
  await eventually('the order of their numbers', async () => (await namesOf(mira)).join() === numbered)
  assert.is(await page.getByLabel('Name 1').inputValue(), 'Mira Vale')

  const handle = page.getByRole('button', { name: 'Move First Bus' })
  await handle.press('ArrowUp')
  await eventually('the other order', async () => (await namesOf(mira))[7] === 'First Bus')
  await page.getByLabel('All tracks').check()
  await page.getByRole('button', { name: 'Edit 9 tracks' }).click()
  const batch = page.getByRole('dialog', { name: 'Edit 9 tracks' })
  await batch.getByLabel('Genre').fill('Dub techno')
  await canBeRead(mira, 'release-edit-batch')
  await batch.getByRole('button', { name: 'Save', exact: true }).click()
  await mira.sees('9 tracks changed.')

  // What is typed stays while a cover is chosen.
  await page.getByLabel('Title', { exact: true }).fill('Night Drives at Last')
  await choosePicture(mira, await nightSky(), 'Cover')
  await page.getByRole('dialog', { name: 'Cover' }).getByRole('button', { name: 'Use this part' }).click()
  await mira.sees('The new cover is in place.')
  await page.getByLabel('Catalogue number').fill('MV-001')
  await page.getByLabel('Description').fill('Recorded **at night**, in one take.')
  await page.getByLabel('Free to download').check()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await mira.sees(page.getByRole('heading', { level: 1, name: 'Night Drives at Last' }))
  await canBeRead(mira, 'release-edit')
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await mira.sees('It is out.')
  await mira.sees(/^Published on/)
})

chapter(
  'is found by a stranger on a phone, and plays at the first touch [PLAY-01] [PLAY-02] [PLAY-06] [PLAY-08] [PLAY-12]',
  async ({ visitor }) => {
    const stranger = await visitor('stranger', { width: 390, height: 844 })
    story.stranger = stranger
    const { page } = stranger
    await giveEars(stranger)
    await stranger.goTo('/')
    await page.getByRole('button', { name: 'Play Night Drives at Last' }).click()
    await hears(stranger)
    await stranger.shoot('phone-home-playing')

    const bar = page.getByRole('region', { name: 'Player' })
    await bar.evaluate((element) => element.setAttribute('data-same', 'yes'))
    await page.getByRole('main').getByRole('link', { name: 'Night Drives at Last' }).first().click()
    await stranger.sees(page.getByRole('heading', { level: 1, name: 'Night Drives at Last' }))
    await hears(stranger)
    assert.is(await bar.getAttribute('data-same'), 'yes', 'the bar stayed while the page changed')
    await stranger.shoot('phone-release-playing')

    await bar.getByRole('button', { name: 'Show what is playing' }).first().click()
    const view = page.getByRole('dialog', { name: 'Now playing' })
    const lane = view.getByRole('slider', { name: 'Place in Low Tide' })
    await lane.click()
    await isAt(lane, 20, 38)
    await hears(stranger)
    await canBeRead(stranger, 'phone-now-playing')
    await page.keyboard.press('p')
    await isAt(lane, 0, 15)
    await view.getByRole('button', { name: 'Next track' }).click()
    await stranger.sees(view.getByRole('link', { name: 'Salt', exact: true }))
    await hears(stranger)
    await page.keyboard.press('p')
    await stranger.sees(view.getByRole('link', { name: 'Low Tide', exact: true }))
    await page.keyboard.press('Escape')
    await stranger.missesOut(view)
  },
)

chapter(
  'has a queue that one arranges, and that is there after a reload [PLAY-04] [PLAY-05] [PLAY-10] [LIST-24]',
  async () => {
    const { stranger } = story
    const { page } = stranger
    const bar = page.getByRole('region', { name: 'Player' })
    await page.keyboard.press('5')
    await page.keyboard.press('k')
    await hearsNothing(stranger)
    await page.keyboard.press('?')
    await stranger.sees(page.getByRole('dialog', { name: 'Keys of the player' }))
    await canBeRead(stranger, 'phone-keys')
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: 'More for Sodium' }).click()
    await canBeRead(stranger, 'phone-track-menu')
    await page.getByRole('menuitem', { name: 'Play next' }).click()
    await stranger.sees('Sodium is next.')
    await bar.getByRole('button', { name: 'Show what is playing' }).first().click()
    const queue = page.getByRole('region', { name: 'Queue' })
    await queue.getByRole('button', { name: 'Move First Bus:' }).press('Home')
    await stranger.sees(queue.getByRole('listitem').first().filter({ hasText: 'First Bus' }))
    await queue.getByRole('button', { name: 'Remove Undertow from the queue' }).click()
    const order = ['First Bus', 'Low Tide', 'Sodium', 'Salt', 'Harbour Lights', 'Sodium']
    const rest = ['Long Way Round', 'Ring Road', 'Half Past Four']
    const titles = () => queue.locator('.now-row-words b').allInnerTexts()
    assert.equal(await titles(), [...order, ...rest])
    await canBeRead(stranger, 'phone-queue')

    // What has changed is kept within a second, and when the page goes away.
    await page.reload()
    await bar.getByRole('button', { name: 'Show what is playing' }).first().click()
    assert.equal(await titles(), [...order, ...rest], 'the queue is as it was')
    const lane = page.getByRole('dialog').getByRole('slider', { name: 'Place in Low Tide' })
    await isAt(lane, 20, 38)
    await page.keyboard.press('Space')
    await hears(stranger)
    await queue.getByRole('button', { name: /^Radio/ }).click()
    await queue.getByRole('button', { name: 'Play Ring Road' }).click()
    await stranger.sees(page.getByRole('dialog').getByRole('link', { name: 'Ring Road', exact: true }))
    // Behind the last track the radio goes on with what is like it and not in the queue.
    await stranger.sees(queue.getByRole('listitem').last().filter({ hasText: 'Undertow' }))
    await page.keyboard.press('Escape')
    await page.keyboard.press('k')
  },
)

chapter('is kept by a member, with stars and a history [PLAY-13] [LIST-25]', async ({ member }) => {
  const ben = await member('Ben')
  story.ben = ben
  const { page } = ben
  await giveEars(ben)
  await ben.goTo(release)
  await page.getByRole('button', { name: 'Keep Harbour Lights as a favourite' }).click()
  await ben.sees(page.getByRole('button', { name: 'No longer keep Harbour Lights' }))
  await ben.shoot('release')
  await page.getByRole('link', { name: 'Undertow', exact: true }).click()
  await ben.sees(page.getByRole('heading', { level: 1, name: 'Undertow' }))
  await page.getByRole('button', { name: '4 stars' }).click()
  await page.getByRole('main').getByRole('button', { name: 'Play Undertow' }).first().click()
  await hears(ben)
  // It counts after half of its two seconds, and goes on to the next track.
  const bar = page.getByRole('region', { name: 'Player' })
  await ben.sees(bar.getByRole('link', { name: 'Sodium', exact: true }))
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('Space')
  await hearsNothing(ben)
  await ben.shoot('track')

  await ben.goTo('/library/favourites')
  await ben.sees(page.getByRole('link', { name: 'Harbour Lights' }))
  await page.getByRole('link', { name: 'History' }).click()
  const heard = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Undertow' })
  await ben.sees(heard)
  assert.is(await heard.count(), 1, 'it counts once')
  await ben.shoot('history')
  await ben.goTo(release)
  await page.getByRole('link', { name: 'Undertow', exact: true }).click()
  await ben.sees(page.getByRole('button', { name: '4 stars', pressed: true }))
  await ben.sees(page.getByText(/· 1 play$/))
})

chapter('goes on on another device [PLAY-05]', async ({ visitor }) => {
  const { ben } = story
  await ben.goTo(release)
  const row = ben.page.getByRole('listitem').filter({ hasText: 'Low Tide' })
  await row.getByRole('button', { name: 'Play Low Tide' }).click()
  await hears(ben)
  const phone = await visitor('Ben at his phone', { width: 390, height: 844 })
  await giveEars(phone)
  await signIn(phone, 'ben')
  const bar = (person: Visitor) => person.page.getByRole('region', { name: 'Player' })
  await phone.sees(bar(phone).getByText('Low Tide', { exact: true }))
  // Another word from the one that plays: what it plays is known to all at once.
  await row.getByRole('slider', { name: 'Seek in Low Tide' }).click()
  await ben.page.keyboard.press('k')
  await ben.page.keyboard.press('k')
  await phone.sees(bar(phone).getByText(/^Playing on /))
  await canBeRead(phone, 'phone-elsewhere')
  await bar(phone).getByRole('button', { name: 'Play here' }).click()
  await hears(phone)
  await hearsNothing(ben)
  await ben.sees(bar(ben).getByText(/^Playing on /))
  await ben.shoot('elsewhere')
  await bar(phone).getByRole('button', { name: 'Show what is playing' }).first().click()
  await isAt(phone.page.getByRole('dialog').getByRole('slider', { name: 'Place in Low Tide' }), 20, 38)
  await phone.page.keyboard.press('k')
})

tellAbroad(chapter, story)

test.run()
