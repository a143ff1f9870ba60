import type { Locator } from 'playwright-core'
import * as assert from 'uvu/assert'
import type { Visitor } from '../kit/browser.ts'
import type { Line } from '../kit/line.ts'
import { eventually } from '../kit/wait.ts'
import { type OpenStage, openAccount, type Stage } from './stage.ts'

/** What the chapters of Mira's story hand on to each other. */
export interface Story {
  stage: OpenStage
  folder: string
  wire: Line
  mira: Visitor
  stranger: Visitor
  ben: Visitor
}
export const release = '/releases/mira-vale-night-drives'

export const fileOf = ({ page }: Visitor, title: string) =>
  page.getByRole('list', { name: 'Files' }).getByRole('listitem').filter({ hasText: title })

/** Waits until the slider stands between these seconds. */
export async function isAt(slider: Locator, from: number, to: number): Promise<void> {
  await eventually(`a place between ${from} and ${to} s`, async () => {
    const second = Number(await slider.getAttribute('aria-valuenow'))
    return second >= from && second <= to
  })
}

/** Titles of the tracks that are edited, in their order. */
export const namesOf = ({ page }: Visitor) => page.locator('.edit-name strong').allInnerTexts()

/** Opens an account by an artist's invitation. */
export async function invited(
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
export async function speedOf({
  context,
  page,
}: Visitor): Promise<(bytesPerSecond: number) => Promise<unknown>> {
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
