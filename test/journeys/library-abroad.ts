import { parseFile } from 'music-metadata'
import * as assert from 'uvu/assert'
import { openHostileSite } from '../kit/hostile-site.ts'
import type { inChapters } from './chapters.ts'
import { giveEars, hears } from './ear.ts'
import { release, type Story } from './library-story.ts'
import { canBeRead } from './screen.ts'

/** The end of the story: what is taken away, shown elsewhere, and kept from others. */
export function tellAbroad(chapter: ReturnType<typeof inChapters>, story: Story): void {
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

    // What still plays asks for more of it.
    ben.expects(/40[134] .*\/audio\//)
    await mira.page.getByRole('button', { name: 'Make it a draft again' }).click()
    await mira.sees('It is a draft again.')
    const played = sound.at(-1)
    assert.ok(played, `the guest asked ${server.url} for sound`)
    const again = await fetch(played)
    assert.ok([401, 403, 404, 410].includes(again.status), `what was heard plays no more: ${again.status}`)
    assert.is(await guest.goTo(release), 404)
  })
}
