import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseFile } from 'music-metadata'
import type { Locator } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Visitor } from '../kit/browser.ts'
import { openHostileSite } from '../kit/hostile-site.ts'
import { type Line, layLine } from '../kit/line.ts'
import { eventually } from '../kit/wait.ts'
import { inChapters } from './chapters.ts'
import { giveEars, hears, hearsNothing } from './ear.ts'
import { choosePicture, nightSky } from './pictures.ts'
import { canBeRead } from './screen.ts'
import { makeAlbum, songs } from './songs.ts'
import { type OpenStage, openAccount, openStage, type Stage, signIn } from './stage.ts'

/** What the chapters of Mira's story hand on to each other. */
interface Story {
  stage: OpenStage
  folder: string
  wire: Line
  mira: Visitor
  stranger: Visitor
  ben: Visitor
}
const story = {} as Story
const release = '/releases/mira-vale-night-drives'
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
  'has a queue that one arranges, and that is there after a reload [PLAY-04] [PLAY-05] [PLAY-10]',
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
    await queue.getByRole('button', { name: 'Play Ring Road' }).click()
    await stranger.sees(page.getByRole('dialog').getByRole('link', { name: 'Ring Road', exact: true }))
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

chapter('can be taken away with its tags and cover [FILE-04]', async () => {
  const { ben } = story
  const { page } = ben
  await ben.goTo(release)
  await page.getByRole('link', { name: 'Harbour Lights', exact: true }).click()
  const coming = page.waitForEvent('download')
  await page.getByRole('button', { name: 'FLAC', exact: true }).click()
  const download = await coming
  assert.match(download.suggestedFilename(), /Harbour Lights\.flac$/)
  const { common, format } = await parseFile(await download.path())
  const { title, artist, album, genre, track } = common
  assert.equal(
    { title, artist, album, genre, number: track.no },
    {
      title: 'Harbour Lights',
      artist: 'Mira Vale',
      album: 'Night Drives at Last',
      genre: ['Dub techno'],
      number: 3,
    },
  )
  assert.equal([format.codec, format.bitsPerSample, format.sampleRate], ['FLAC', 24, 96_000])
  assert.is(common.picture?.length, 1, 'with its cover')
})

chapter('is shown and heard on another site [BEY-08] [PLAY-15]', async ({ server, visitor }) => {
  const { ben } = story
  const { page } = ben
  await page.getByRole('main').getByRole('button', { name: 'More for Harbour Lights' }).click()
  await page.getByRole('menuitem', { name: 'Share' }).click()
  const dialog = page.getByRole('dialog', { name: 'Share Harbour Lights' })
  const code = await dialog.getByRole('textbox', { name: 'For another page' }).inputValue()
  await dialog.getByLabel('Begin at a time').check()
  await dialog.getByRole('textbox', { name: 'Time' }).fill('0:01')
  const link = await dialog.getByRole('textbox', { name: 'Link' }).inputValue()
  await canBeRead(ben, 'share')

  const told = await fetch(`${server.url}/api/v1/player/oembed?url=${encodeURIComponent(link)}`)
  const { html, title } = (await told.json()) as { html: string; title: string }
  assert.is(title, 'Harbour Lights')
  assert.match(html, /src="([^"]+)"/.exec(code)?.[1] ?? '-')

  const other = await openHostileSite()
  try {
    const reader = await visitor('reader of a blog')
    await giveEars(reader)
    await reader.goTo(other.crossSite)
    await reader.page.evaluate((frame) => document.body.insertAdjacentHTML('beforeend', frame), html)
    const player = reader.page.frameLocator('iframe')
    await player.getByRole('button', { name: 'Play', exact: true }).click()
    await reader.shoot('embed-in-a-blog')
    const frame = reader.page.frames().find((one) => one !== reader.page.mainFrame())
    assert.ok(frame)
    await hears(reader, frame)
    await reader.page.close()
  } finally {
    await other.close()
  }

  const friend = await visitor('friend')
  await giveEars(friend)
  await friend.goTo(link)
  await friend.page.getByRole('main').getByRole('button', { name: 'Play Harbour Lights' }).first().click()
  await hears(friend)
  await friend.page.close()
})

chapter('is heard by those it is meant for only [FILE-05] [BEY-05]', async ({ server, visitor }) => {
  const { mira, ben } = story
  const setWho = async (label: string) => {
    const saved = mira.page.waitForResponse((answer) => answer.request().method() === 'PATCH')
    await mira.page.getByLabel('Who may hear it').selectOption({ label })
    assert.is((await saved).status(), 200)
  }
  await setWho('Whoever has the link')
  const link = new URL(await mira.page.getByRole('textbox', { name: 'Link' }).inputValue())
  await mira.shoot('release-edit-unlisted')
  const guest = await visitor('guest')
  guest.expects(/(401|403|404) /)
  await giveEars(guest)
  const sound: string[] = []
  guest.page.on('request', (request) => {
    if (request.url().includes('/audio/')) sound.push(request.url())
  })
  assert.is(await guest.goTo(release), 404)
  await guest.goTo(link.pathname + link.search)
  await guest.page.getByRole('button', { name: 'Play Night Drives at Last' }).click()
  await hears(guest)
  await guest.goTo('/library')
  await guest.sees('No music yet')

  await setWho('Members')
  assert.is(await guest.goTo(link.pathname + link.search), 404)
  await ben.goTo(release)
  await ben.page.getByRole('button', { name: 'Play Night Drives at Last' }).click()
  await hears(ben)

  await mira.page.getByRole('button', { name: 'Make it a draft again' }).click()
  await mira.sees('It is a draft again.')
  const played = sound.at(-1)
  assert.ok(played, `the guest asked ${server.url} for sound`)
  const again = await fetch(played)
  assert.ok([401, 403, 404, 410].includes(again.status), `what was heard plays no more: ${again.status}`)
  assert.is(await guest.goTo(release), 404)
})

const fileOf = ({ page }: Visitor, title: string) =>
  page.getByRole('list', { name: 'Files' }).getByRole('listitem').filter({ hasText: title })

/** Waits until the slider stands between these seconds. */
async function isAt(slider: Locator, from: number, to: number): Promise<void> {
  await eventually(`a place between ${from} and ${to} s`, async () => {
    const second = Number(await slider.getAttribute('aria-valuenow'))
    return second >= from && second <= to
  })
}

/** Titles of the tracks that are edited, in their order. */
const namesOf = ({ page }: Visitor) => page.locator('.edit-name strong').allInnerTexts()

/** Opens an account by an artist's invitation. */
async function invited(
  { server, visitor }: Pick<Stage, 'server' | 'visitor'>,
  name: string,
  baseURL: string,
) {
  const { code, stdout, stderr } = await server.cli(['invite', 'create', '--role', 'artist', '--json'])
  assert.is(code, 0, stderr)
  const { pathname, search, hash } = new URL((JSON.parse(stdout) as { url: string }).url)
  const artist = await visitor(name, { baseURL })
  await openAccount(artist, pathname + search + hash)
  return artist
}

/** Sets how many bytes a second the browser may send; -1 for as many as it can. */
async function speedOf({ context, page }: Visitor): Promise<(bytesPerSecond: number) => Promise<unknown>> {
  const session = await context.newCDPSession(page)
  await session.send('Network.enable')
  return (uploadThroughput) =>
    session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput,
    })
}

test.run()
