import type { Page } from 'playwright-core'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { onStage, password, setUpLink, signIn, signOut } from './stage.ts'

test('leads from the one-time link through five steps to a stream key [ADM-25] [OPS-01]', () =>
  onStage(
    async ({ server, visitor }) => {
      const link = await setUpLink(server)
      const ada = await visitor('Ada')
      const { page } = ada
      const heading = (name: string) => page.getByRole('heading', { level: 1, name })

      await ada.goTo(link)
      await ada.sees('Step 1 of 5')
      await page.getByLabel('Username').fill('ada')
      await page.getByLabel('E-mail address').fill('ada@label.test')
      await page.getByLabel('Password', { exact: true }).fill('short')
      ada.expects(/422 .*\/api\/v1\/setup/)
      await page.getByRole('button', { name: 'Make the account' }).click()
      await ada.sees('Use at least 10 characters.')
      assert.is(
        await page.getByLabel('E-mail address').inputValue(),
        'ada@label.test',
        'keeps what was typed',
      )
      await page.getByLabel('Password', { exact: true }).fill(password)
      await page.getByRole('button', { name: 'Make the account' }).click()

      await ada.sees(heading('What is the label called?'))
      assert.not.match(page.url(), 'token', 'the one-time token has left the address')
      await page.getByLabel('Name of the label').fill('Night Drives')
      await page.getByLabel('In a sentence or two').fill('Slow records for long roads.')
      await page.getByLabel('Colour (#rrggbb)').fill('#b3261e')
      await ada.shoot('setup-look')
      await page.getByRole('button', { name: 'Keep this look' }).click()

      await ada.sees(heading('Your first channel'))
      await page.getByLabel('Name of the channel').fill('Saturday, slowly')
      await ada.sees(`The page will be ${server.url}/live/saturday-slowly`)
      await page.getByRole('button', { name: 'Make the channel' }).click()

      await ada.sees(heading('Into OBS with it'))
      await page.getByRole('button', { name: 'Make a stream key' }).click()
      assert.is(
        await page.getByLabel('Server', { exact: true }).inputValue(),
        `rtmp://127.0.0.1:${server.rtmpPort}/live`,
      )
      const key = page.getByLabel('Stream key', { exact: true })
      assert.match(await key.inputValue(), /^•+$/, 'the key is hidden at first')
      await page.getByRole('button', { name: 'Show', exact: true }).click()
      assert.match(await key.inputValue(), /^[0-9a-f]{32}$/)
      await page.getByRole('button', { name: 'Both are in OBS' }).click()

      await ada.sees(heading('Your label is open'))
      await ada.shoot('setup-done')
      assert.is(await page.getByRole('button', { name: 'Do it now' }).count(), 0, 'nothing is left to do')
      await page.getByRole('link', { name: 'Open the front page' }).click()
      await ada.sees(heading('Night Drives'))

      const eve = await visitor('Eve')
      await eve.goTo(link)
      await eve.sees('This label has its owner already')

      await signOut(ada)
      await ada.goTo('/login')
      ada.expects(/401 .*\/api\/v1\/auth\/login/)
      await page.getByLabel('E-mail address or username').fill('ada')
      await page.getByLabel('Password', { exact: true }).fill('not that one')
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await ada.sees(page.getByRole('alert').filter({ hasText: /\w/ }))
      await signIn(ada, 'ada@label.test')

      const stranger = await visitor('stranger')
      await stranger.goTo('/')
      await stranger.sees(stranger.page.getByRole('heading', { level: 1, name: 'Night Drives' }))
      await stranger.sees('Slow records for long roads.')
      assert.is(await colourOf(stranger.page), 'rgb(179, 38, 30)')
    },
    { withOwner: false },
  ))

/** The label's colour as the browser paints it. */
function colourOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const probe = document.createElement('i')
    probe.style.color = 'var(--brand-light)'
    document.body.append(probe)
    const { color } = getComputedStyle(probe)
    probe.remove()
    return color
  })
}

test.run()
