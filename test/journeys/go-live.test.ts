import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { publish } from '../kit/publisher.ts'
import { playsPast } from './screen.ts'
import { onStage } from './stage.ts'

test('brings a DJ from nothing onto the air, tells in numbers and words how it goes, and off again [LIVE-17]', () =>
  onStage(async ({ server, owner, visitor }) => {
    const dj = await owner()
    const { page } = dj
    const heading = (name: string) => page.getByRole('heading', { level: 1, name })

    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Go live' }).click()
    await dj.sees(heading('First, a channel'))
    await page.getByLabel('Name of the channel').fill('Saturday, slowly')
    await page.getByRole('button', { name: 'Make the channel' }).click()
    await dj.sees(page.getByRole('heading', { name: 'Waiting for your encoder' }))
    await page.getByRole('button', { name: 'Make a stream key' }).click()
    const url = await page.getByLabel('Server', { exact: true }).inputValue()
    assert.is(url, `rtmp://127.0.0.1:${server.rtmpPort}/live`)
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    const key = await page.getByLabel('Stream key', { exact: true }).inputValue()
    await dj.shoot('go-live-waiting')
    await dj.goTo('/go-live?channel=nobody')
    await dj.sees(heading('There is no channel “nobody” that you can go live on'))
    await page.getByRole('link', { name: 'Open “Saturday, slowly”' }).click()
    await dj.sees(page.getByRole('heading', { name: 'Waiting for your encoder' }))

    const viewer = await visitor('viewer')
    await viewer.goTo('/live/saturday-slowly')
    await viewer.sees('Nothing was broadcast here yet.')

    const encoder = publish({ url, key, gop: 125 })
    await dj.sees(heading('You are live'))
    await playsPast(dj, 0)
    await dj.sees(page.getByText('picture 180p, 25 fps'))
    await dj.sees(page.getByRole('definition').filter({ hasText: /^\d+ kbit\/s$|^\d\.\d Mbit\/s$/ }))
    await dj.sees(/^Key frames are 5\s?s apart, so viewers are further behind\./)
    await dj.shoot('go-live-on-air')

    await playsPast(viewer, 1)
    await dj.sees(page.getByText(/^Saturday, slowly · 1 person/))
    // Twice, as other news about the stream may happen to carry one of them.
    for (const title of ['Sunday, slower', 'Monday, still']) {
      await page.getByLabel('Title', { exact: true }).fill(title)
      await page.getByRole('button', { name: 'Save' }).click()
      await viewer.sees(viewer.page.getByRole('heading', { level: 1, name: title }))
    }
    await playsPast(viewer, 2)

    await page.getByRole('button', { name: 'End the stream' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'End the stream' }).click()
    await dj.sees('The stream is over.')
    await dj.sees(page.getByRole('heading', { name: 'Waiting for your encoder' }))
    assert.is.not(await encoder.ended, 0, 'the encoder was put off the air')
    await viewer.sees(viewer.page.getByRole('status').getByText('Not on air', { exact: true }))
  }))

test.run()
