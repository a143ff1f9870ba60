import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Visitor } from '../kit/browser.ts'
import { type Line, layLine } from '../kit/line.ts'
import type { RunningServer } from '../kit/server.ts'
import { eventually } from '../kit/wait.ts'
import { inChapters } from './chapters.ts'
import { giveEars, hears } from './ear.ts'
import { canBeRead } from './screen.ts'
import { tone } from './songs.ts'
import { type OpenStage, openStage } from './stage.ts'

/** What the chapters hand on to each other. */
interface Story {
  stage: OpenStage
  folder: string
  wire: Line
  ada: Visitor
  ben: Visitor
  /** Path of the playlist they make. */
  path: string
}
const story = {} as Story
const chapter = inChapters(() => story.stage)

test.before(async () => {
  story.folder = await mkdtemp(join(tmpdir(), 'veza-playlists-'))
  story.stage = await openStage()
})
test.after(async () => {
  await story.wire?.close()
  await story.stage?.close()
  await rm(story.folder, { recursive: true, force: true })
})

chapter(
  'is begun and filled from the menu of a track, and by searching [LIST-01] [LIST-03]',
  async (open) => {
    await bring(open.server, ['Kelp', 'Buoy', 'Shingle', 'Spray'], 'Dub')
    const ada = await open.member('Ada')
    story.ada = ada
    const { page } = ada
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Playlists' }).click()
    await ada.sees('No playlist yet')
    await ada.shoot('playlists-empty')
    await page.getByRole('button', { name: 'New playlist' }).first().click()
    const dialog = page.getByRole('dialog', { name: 'New playlist' })
    await dialog.getByLabel('Title').fill('Late')
    await dialog.getByLabel('Who can see it').selectOption({ label: 'Everybody' })
    await dialog.getByRole('button', { name: 'Create' }).click()
    await ada.sees(page.getByRole('heading', { level: 1, name: 'Late' }))
    story.path = new URL(page.url()).pathname

    await ada.goTo('/library/tracks')
    await page.getByRole('button', { name: 'More for Kelp' }).click()
    await page.getByRole('menuitem', { name: 'Add to a playlist' }).click()
    await page.getByRole('button', { name: 'Add to Late' }).click()
    await ada.sees('Added to Late.')
    await ada.goTo(story.path)
    for (const title of ['Buoy', 'Shingle']) {
      await page.getByLabel('Search tracks').fill(title)
      await page.getByRole('button', { name: `Add ${title}` }).click()
    }
    await has(ada, ['Kelp', 'Buoy', 'Shingle'])
    await ada.shoot('playlist')
  },
)

chapter('is put into order by keyboard and by hand, and undone [LIST-04] [LIST-15]', async () => {
  const { ada } = story
  const { page } = ada
  await page.getByRole('link', { name: 'Shingle', exact: true }).press('Alt+ArrowUp')
  await has(ada, ['Kelp', 'Shingle', 'Buoy'])
  // The focus went along.
  await page.keyboard.press('Alt+ArrowUp')
  await has(ada, ['Shingle', 'Kelp', 'Buoy'])
  await page.getByRole('button', { name: /^Move Buoy:/ }).hover()
  await page.mouse.down()
  const first = await page.getByRole('button', { name: /^Move Shingle:/ }).boundingBox()
  assert.ok(first)
  let wobble = 0
  // While a row glides out of the way, it makes no room for another one.
  await eventually('Buoy above the others', async () => {
    wobble = (wobble + 1) % 8
    await page.mouse.move(first.x + 5, first.y + wobble)
    return (await titlesOf(ada))[0] === 'Buoy'
  })
  await page.mouse.up()
  await has(ada, ['Buoy', 'Shingle', 'Kelp'])
  await page.getByRole('button', { name: 'Undo' }).click()
  await has(ada, ['Shingle', 'Kelp', 'Buoy'])

  await page.getByRole('button', { name: 'More for Late' }).click()
  await page.getByRole('menuitem', { name: 'Details' }).click()
  const dialog = page.getByRole('dialog', { name: 'Details' })
  await dialog.getByLabel('Title').fill('Later')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await ada.sees(page.getByRole('heading', { level: 1, name: 'Later' }))
  await ada.goTo(story.path)
  await has(ada, ['Shingle', 'Kelp', 'Buoy'])
})

chapter('is edited by two at once, one of them with a bad line [LIST-06] [LIST-07]', async (open) => {
  const { ada } = story
  await ada.page.getByRole('button', { name: 'More for Later' }).click()
  await ada.page.getByRole('menuitem', { name: 'Editors' }).click()
  const dialog = ada.page.getByRole('dialog', { name: 'Editors' })
  await dialog.getByRole('button', { name: 'Make an invitation link' }).click()
  const link = new URL(await dialog.getByRole('textbox', { name: 'Invitation link' }).inputValue())
  await canBeRead(ada, 'playlist-editors')
  await ada.page.keyboard.press('Escape')

  story.wire = await layLine(open.server.port)
  const ben = await open.member('Ben', { baseURL: story.wire.url })
  story.ben = ben
  await ben.goTo(link.pathname + link.search)
  await ben.page.getByRole('button', { name: 'Become an editor' }).click()
  await has(ben, ['Shingle', 'Kelp', 'Buoy'])
  await ada.sees('Here now: Ben')
  await ben.sees('Here now: Ada')
  await add(ben, 'Spray')
  await has(ada, ['Shingle', 'Kelp', 'Buoy', 'Spray'])
  await ada.sees(rowsOf(ada).filter({ hasText: 'Spray' }).filter({ hasText: 'added by Ben' }))
  await ada.page.getByRole('link', { name: 'Buoy', exact: true }).press('Alt+ArrowUp')
  await has(ben, ['Shingle', 'Buoy', 'Kelp', 'Spray'])
  await ada.shoot('playlist-together')

  ben.expects(/ERR_(CONNECTION|EMPTY|INTERNET|NETWORK|SOCKET)|WebSocket connection/)
  story.wire.cut()
  await ben.sees('No connection. Your changes are kept')
  await take(ben, 'Kelp')
  await add(ada, 'Kelp')
  await has(ben, ['Shingle', 'Buoy', 'Spray'])
  await has(ada, ['Shingle', 'Buoy', 'Kelp', 'Spray', 'Kelp'])
  await canBeRead(ben, 'playlist-no-connection')
  story.wire.mend()
  for (const person of [ada, ben]) await has(person, ['Shingle', 'Buoy', 'Spray', 'Kelp'])
  await ben.goTo(story.path)
  await has(ben, ['Shingle', 'Buoy', 'Spray', 'Kelp'])
})

chapter('fills itself by rules that one sees at work [LIST-08] [LIST-09]', async ({ server }) => {
  const { ada } = story
  const { page } = ada
  await ada.goTo('/playlists')
  await page.getByRole('main').getByRole('button', { name: 'Playlists' }).click()
  await page.getByRole('menuitem', { name: 'New smart playlist' }).click()
  const making = page.getByRole('dialog', { name: 'New smart playlist' })
  await making.getByLabel('Title').fill('All dub')
  await making.getByRole('button', { name: 'Create' }).click()
  const rules = page.getByRole('dialog', { name: 'Rules of All dub' })
  await ada.sees(rules.getByText('4 tracks fit.'))
  const rule = rules.getByRole('group', { name: 'Rule 1' })
  await rule.getByLabel('What').selectOption({ label: 'Genre' })
  await rule.getByLabel('Value').fill('Techno')
  await ada.sees(rules.getByText('0 tracks fit.'))
  await rule.getByLabel('Value').fill('dub')
  await rules.getByLabel('Sorted by').selectOption({ label: 'title' })
  await rules.getByLabel('At most').fill('3')
  await ada.sees(
    rules
      .getByText(/^Spray/)
      .or(rules.getByText('3 tracks fit.'))
      .first(),
  )
  await canBeRead(ada, 'playlist-rules')
  await rules.getByRole('button', { name: 'Save the rules' }).click()
  await has(ada, ['Buoy', 'Kelp', 'Shingle'])

  await bring(server, ['Anchor'], 'Dub')
  await eventually('the new track in it', async () => {
    await page.reload()
    await ada.sees(page.getByRole('heading', { level: 1, name: 'All dub' }))
    return (await titlesOf(ada)).join() === 'Anchor,Buoy,Kelp'
  })
  await ada.shoot('playlist-smart')
})

chapter('comes out of a file, and goes into one [LIST-12]', async () => {
  const { ada } = story
  const { page } = ada
  await ada.goTo('/playlists')
  await page.getByRole('main').getByRole('button', { name: 'Playlists' }).click()
  await page.getByRole('menuitem', { name: 'Import a file' }).click()
  const dialog = page.getByRole('dialog', { name: 'Import a playlist' })
  const lines = ['#EXTM3U', '#PLAYLIST:From my phone', '#EXTINF:2,Mira Vale - Spray', 'music/Spray.mp3']
  const unknown = ['#EXTINF:180,Nobody - Never heard', 'music/never.mp3']
  await dialog.getByLabel('Choose a file').setInputFiles({
    name: 'phone.m3u8',
    mimeType: 'audio/x-mpegurl',
    buffer: Buffer.from([...lines, ...unknown].join('\n')),
  })
  await ada.sees(dialog.getByText('1 track was found.'))
  await ada.sees(dialog.getByRole('listitem').filter({ hasText: 'Nobody – Never heard' }))
  await canBeRead(ada, 'playlist-import')
  await dialog.getByRole('link', { name: 'Open the playlist' }).click()
  await ada.sees(page.getByRole('heading', { level: 1, name: 'From my phone' }))
  await has(ada, ['Spray'])

  await ada.goTo(story.path)
  await page.getByRole('button', { name: 'More for Later' }).click()
  await canBeRead(ada, 'playlist-menu')
  const coming = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'XSPF' }).click()
  const download = await coming
  assert.match(download.suggestedFilename(), /Later\.xspf$/i)
  const xspf = await readFile(await download.path(), 'utf8')
  const titles = [...xspf.matchAll(/<title>([^<]+)<\/title>/g)].map(([, title]) => title)
  assert.equal(titles, ['Later', 'Shingle', 'Buoy', 'Spray', 'Kelp'])
})

chapter('is played by strangers and followed by members [LIST-13]', async ({ visitor, member }) => {
  const { ada } = story
  const stranger = await visitor('stranger', { width: 390, height: 844 })
  await giveEars(stranger)
  await stranger.goTo('/playlists')
  await stranger.page.getByRole('link', { name: 'Later' }).click()
  await stranger.page.getByRole('main').getByRole('button', { name: 'Play', exact: true }).click()
  await hears(stranger)
  await canBeRead(stranger, 'phone-playlist')

  const cleo = await member('Cleo')
  await cleo.goTo(story.path)
  await cleo.page.getByRole('button', { name: 'Follow' }).click()
  await cleo.sees(cleo.page.getByRole('button', { name: 'Following', pressed: true }))
  await take(ada, 'Kelp')
  await has(cleo, ['Shingle', 'Buoy', 'Spray'])
  await cleo.goTo('/playlists?show=followed')
  await cleo.sees(cleo.page.getByRole('link', { name: 'Later' }))
  await cleo.shoot('playlists-followed')
})

/** As the label brings an album: by the command. */
async function bring(server: RunningServer, titles: readonly string[], genre: string): Promise<void> {
  const folder = join(story.folder, titles.join('-'))
  await mkdir(folder)
  for (const [at, title] of titles.entries()) {
    const tags = { title, artist: 'Mira Vale', album: `Harbour ${titles.length}`, track: at + 1, genre }
    await tone(join(folder, `${title}.mp3`), { hz: 200 + 40 * title.length + at, seconds: 2, tags })
  }
  const { code, stdout, stderr } = await server.cli(['import', folder, '--wait', '--json'])
  assert.is(code, 0, stderr)
  const told = JSON.parse(stdout) as { found: number; imported: number; skipped: unknown[] }
  assert.equal([told.found, told.imported, told.skipped], [titles.length, titles.length, []])
}

const rowsOf = ({ page }: Visitor) => page.getByRole('list', { name: /^Tracks of/ }).getByRole('listitem')
const titlesOf = (person: Visitor) => rowsOf(person).locator('.list-title').allInnerTexts()

/** Waits until the playlist on the page is this one. */
async function has(person: Visitor, titles: readonly string[]): Promise<void> {
  const wanted = titles.join()
  await eventually(
    `${person.name} to see ${wanted}`,
    async () => (await titlesOf(person)).join() === wanted,
  ).catch(async (error: unknown) => {
    throw new Error(`${String(error)}; there is ${(await titlesOf(person)).join()}`)
  })
}

async function add({ page }: Visitor, title: string): Promise<void> {
  await page.getByLabel('Search tracks').fill(title)
  await page.getByRole('button', { name: `Add ${title}` }).click()
}

/** Takes the first of that title out. */
async function take({ page }: Visitor, title: string): Promise<void> {
  await page
    .getByRole('button', { name: `More for ${title}` })
    .first()
    .click()
  await page.getByRole('menuitem', { name: 'Remove from the playlist' }).click()
}

test.run()
