import * as assert from 'uvu/assert'
import type { Visitor } from '../kit/browser.ts'
import { card, type Keyed } from './live-night.ts'
import { choosePicture, nightSky } from './pictures.ts'

/** From the menu to a channel that waits for its encoder. */
export async function makesChannel({ page }: Visitor): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Go live' }).click()
  await page.getByLabel('Name of the channel').fill('Night shift')
  await page.getByRole('button', { name: 'Make the channel' }).click()
  await page.getByRole('heading', { name: 'Waiting for your encoder' }).waitFor()
}

/** A set in ten minutes, which the next stream is then, with a cover. */
export async function plansSet(dj: Visitor, title: string): Promise<void> {
  const { page } = dj
  await card(dj, 'Planned sets').getByRole('button', { name: 'Plan a set' }).click()
  const dialog = page.getByRole('dialog', { name: 'Plan a set' })
  await dialog.getByLabel('Title').fill(title)
  await dialog.getByLabel('Begins').fill(
    await page.evaluate(() => {
      const soon = new Date(Date.now() + 600_000)
      return new Date(soon.getTime() - 60_000 * soon.getTimezoneOffset()).toISOString().slice(0, 16)
    }),
  )
  await dialog.getByRole('button', { name: 'Plan a set' }).click()
  const made = page.getByRole('dialog', { name: title })
  await dj.sees(made)
  await choosePicture(dj, await nightSky(), 'Cover')
  await page.getByRole('dialog', { name: 'Cover' }).getByRole('button', { name: 'Use this part' }).click()
  await dj.sees(made.locator('.picture-now img'))
  await dj.shoot('story-set-form')
  await made.getByRole('button', { name: 'Close' }).last().click()
}

export async function setsGoal(dj: Visitor): Promise<void> {
  const tips = card(dj, 'Tips')
  await tips.getByRole('button', { name: 'Set a goal' }).click()
  await tips.getByLabel('What it is for').fill('A second turntable')
  await tips.getByLabel('Amount in EUR').fill('40')
  await tips.getByRole('button', { name: 'Save' }).click()
  await dj.sees(tips.getByRole('progressbar', { name: 'Goal A second turntable' }))
}

/** The key of the first camera, and that of a second one. */
export async function takesKeys(dj: Visitor): Promise<[Keyed, Keyed]> {
  const connection = card(dj, 'What goes into your program')
  await connection.getByRole('button', { name: 'Make a stream key' }).click()
  const first = await shownKey(connection)
  await connection.getByRole('tab', { name: 'Audio only: Mixxx, butt' }).click()
  await dj.sees(connection.getByLabel('Mount', { exact: true }))
  const mix = card(dj, 'Cameras')
  await mix.getByRole('button', { name: 'Add a camera' }).click()
  await mix.getByLabel('What it shows').fill('Crowd')
  await mix.getByRole('button', { name: 'Make its stream key' }).click()
  const second = await shownKey(mix)
  await mix.getByRole('button', { name: 'Done' }).click()
  return [first, second]
}

/** Cuts off the first seconds of the recording on the page; how long it is then. */
export async function trims(dj: Visitor): Promise<number> {
  const { page } = dj
  const before = await lengthS(dj)
  await page.getByRole('button', { name: 'Trim', exact: true }).click()
  await page.getByLabel('Begins at').fill('0:08')
  await page.getByRole('button', { name: 'Trim', exact: true }).click()
  await dj.sees(/^Trimmed: 0:0[4-8] to/)
  const after = await lengthS(dj)
  assert.ok(before - after > 3 && before - after < 9, `${before} s are ${after} s`)
  return after
}

async function lengthS({ page }: Visitor): Promise<number> {
  const id = new URL(page.url()).pathname.split('/').at(-1)
  const answer = await page.request.get(`/api/v1/live/replays/${id}`)
  return ((await answer.json()) as { durationMs: number }).durationMs / 1000
}

/** Reads server and key off the desk, as somebody does who types them into an encoder. */
async function shownKey(part: ReturnType<typeof card>): Promise<Keyed> {
  await part.getByRole('button', { name: 'Show', exact: true }).click()
  return {
    url: await part.getByLabel('Server', { exact: true }).inputValue(),
    key: await part.getByLabel('Stream key', { exact: true }).inputValue(),
  }
}
