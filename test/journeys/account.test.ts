import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Visitor } from '../kit/browser.ts'
import { type Mailbox, openMailbox } from '../kit/mailbox.ts'
import { type Issuer, startIssuer } from '../kit/oidc-issuer.ts'
import { unzip } from '../kit/unzip.ts'
import {
  givePassword,
  isIn,
  isOut,
  type OpenStage,
  openAccount,
  openStage,
  password,
  type Stage,
  signOut,
} from './stage.ts'
import { addReader, type CodeApp, giveCode, passIssuer, type Reader, setUpApp } from './ways-in.ts'

/** What the chapters of Nora's story hand on to each other. */
interface Story {
  stage: OpenStage
  mailbox: Mailbox
  nora: Visitor
  app: CodeApp
  recoveryCodes: string[]
  reader: Reader
  issuer: Issuer
}
const story = {} as Story
const address = 'nora@listener.test'
const provider = { name: 'crew', id: 'veza', secret: 'a secret of the issuer' }

test.before(async () => {
  story.mailbox = await openMailbox()
  const env = { ...story.mailbox.env, VEZA_SECURITY_ALLOW_PRIVATE_ISSUERS: 'true' }
  story.stage = await openStage({ host: 'localhost', env })
})
test.after(async () => {
  await story.stage?.close()
  await story.issuer?.close()
  await story.mailbox?.close()
})

let lost = ''
/** Each chapter goes on from the one before; after one that failed, the rest say so at once. */
function chapter(name: string, tell: (stage: Stage) => Promise<void>): void {
  test(name, async () => {
    if (lost) throw new Error(`Not told, as this failed: ${lost}`)
    lost = name
    await story.stage.play(tell)
    lost = ''
  })
}

chapter('registers, and confirms the address by the mailed link [AUTH-01] [AUTH-13]', async ({ visitor }) => {
  const nora = await visitor('Nora')
  story.nora = nora
  const { page } = nora
  await nora.goTo('/register')
  await page.getByLabel('Username').fill('nora')
  await page.getByLabel('Shown name').fill('Nora')
  await page.getByLabel('E-mail address').fill(address)
  const secret = page.getByLabel('Password', { exact: true })
  await secret.fill('password12')
  await nora.sees(page.getByRole('status').filter({ hasText: /Strength: (guessed at once|very weak)/ }))
  await nora.shoot('register-weak')
  nora.expects(/422 .*\/auth\/register/)
  await page.getByRole('button', { name: 'Open the account' }).click()
  await nora.sees(page.locator('.field-error').filter({ hasText: /password/ }))
  assert.is(await page.getByLabel('Username').inputValue(), 'nora', 'keeps what was typed')
  await secret.fill(password)
  await nora.sees(page.getByRole('status').filter({ hasText: 'It can be used.' }))
  await page.getByRole('button', { name: 'Open the account' }).click()
  await isIn(nora, 'Nora')

  const notice = page.getByText(`Confirm your address: we sent a link to ${address}.`)
  await nora.sees(notice)
  await nora.goTo(await story.mailbox.takeLink(address, 'Confirm your address'))
  await nora.sees(page.getByRole('heading', { name: 'Your address is confirmed' }))
  assert.is(new URL(page.url()).hash, '', 'the one-time token has left the address')
  await nora.missesOut(notice)
})

chapter('makes the profile her own, with a picture cut to shape [PROF-01] [PROF-02] [PROF-03]', async () => {
  const { nora } = story
  const { page } = nora
  await nora.goTo('/profile/edit')
  const field = page.getByRole('group', { name: 'Picture', exact: true })
  const chooser = page.waitForEvent('filechooser')
  await field.getByRole('button', { name: 'Choose a picture' }).click()
  await (await chooser).setFiles({ name: 'me.png', mimeType: 'image/png', buffer: await redAndBlue() })
  const dialog = page.getByRole('dialog', { name: 'Picture' })
  await dialog.getByRole('slider', { name: 'Nearer' }).fill('2')
  await dialog.getByRole('application').focus()
  // Half a picture wide at 2: 40 steps of 3 % lead from the middle into the blue.
  for (let step = 0; step < 40; step++) await page.keyboard.press('ArrowRight')
  await nora.shoot('crop')
  await dialog.getByRole('button', { name: 'Use this part' }).click()
  await nora.sees('The new picture is in place.')
  const inHeader = page.getByRole('button', { name: /^Account:/ }).locator('img')
  assert.equal(await colourOf(inHeader), 'blue')

  await page.getByRole('textbox', { name: 'About you' }).fill('I play **slow** records. <b>Loudly</b>')
  await page.getByRole('tab', { name: 'Preview' }).click()
  await nora.sees(page.getByRole('tabpanel').locator('strong').filter({ hasText: 'slow' }))
  await page.getByLabel('Place').first().fill('Lyon')
  await page.getByLabel('Genres').first().fill('dub, ambient,')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await nora.sees('Your profile is saved.')

  await nora.goTo('/@nora')
  await nora.sees(page.getByRole('heading', { level: 1, name: 'Nora' }))
  for (const words of ['Lyon', 'dub', 'ambient']) await nora.sees(page.getByText(words, { exact: true }))
  await nora.sees(page.locator('.prose strong').filter({ hasText: 'slow' }))
  assert.is(await page.locator('.prose b').count(), 0, 'HTML stays text')
  assert.equal(await colourOf(page.locator('.profile-avatar img')), 'blue')
  await nora.shoot('profile')
})

chapter('sets up an authenticator app, and signs in with its code [AUTH-02] [AUTH-08]', async () => {
  const { nora } = story
  const { page } = nora
  const { app, recoveryCodes } = await setUpApp(nora)
  Object.assign(story, { app, recoveryCodes })
  assert.is(recoveryCodes.length, 10)
  await page.reload()
  await nora.sees('10 codes left')
  assert.is(await page.getByText(recoveryCodes[0]!).count(), 0, 'they are not shown again')

  await signOut(nora)
  nora.expects(/401 .*\/auth\/login/)
  await givePassword(nora, 'nora')
  await giveCode(nora, await app.next())
})

chapter('adds a passkey, and signs in by it alone, offered or asked for [AUTH-09]', async () => {
  const { nora } = story
  const { page } = nora
  story.reader = await addReader(nora)
  await nora.goTo('/account/security')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByLabel('Name of the passkey').fill('This laptop')
  await story.reader(async () => {
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await nora.sees('This laptop is added.')
  })
  await nora.shoot('security')

  await signOut(nora)
  await story.reader(async () => {
    await nora.goTo('/login')
    await isIn(nora, 'Nora')
  })
  await signOut(nora)
  await page.addInitScript(offerNothing)
  await nora.goTo('/login')
  await story.reader(async () => {
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    await isIn(nora, 'Nora')
  })
  await story.mailbox.take(address, 'New passkey')
})

chapter('links another account, and signs in through it [AUTH-05] [AUTH-06]', async ({ server, owner }) => {
  const { nora } = story
  const ada = await owner()
  const redirectUris = [`${server.url}/api/v1/auth/external/${provider.name}/callback`]
  story.issuer = await startIssuer({ clients: [{ ...provider, redirectUris }] })
  const { url } = story.issuer
  await addProvider(ada, url)

  const { page } = nora
  await nora.goTo('/account/security')
  await page.getByRole('button', { name: 'Link The crew' }).click()
  await passIssuer(nora, url, 'nora')
  await nora.sees(page.getByText(/^The crew · nora@issuer\.test/))

  await signOut(nora)
  await nora.goTo('/login')
  await page.getByRole('button', { name: 'Continue with The crew' }).click()
  // The issuer knows her still and asks for nothing.
  await giveCode(nora, await story.app.next())
  await isIn(nora, 'Nora')
})

chapter('ends a session elsewhere, which is over at once [AUTH-07]', async ({ visitor }) => {
  const { nora, recoveryCodes } = story
  const { page } = nora
  const elsewhere = await visitor('Nora elsewhere')
  elsewhere.expects(/401 .*\/auth\/login/)
  await givePassword(elsewhere, 'nora')
  await giveCode(elsewhere, recoveryCodes[0]!)
  await elsewhere.goTo('/chat/general')
  await isIn(elsewhere)

  await nora.goTo('/account/sessions')
  const other = page.getByRole('listitem').filter({ hasText: 'recovery code' })
  await nora.sees(other)
  await nora.sees(page.getByRole('listitem').filter({ hasText: 'this one' }))
  await nora.shoot('sessions')
  await other.getByRole('button', { name: /^End:/ }).click()
  await nora.missesOut(other)
  await isOut(elsewhere)
  await elsewhere.goTo('/account/sessions')
  await elsewhere.sees(elsewhere.page.getByRole('heading', { name: 'Sign in' }))
})

chapter('changes password and address, forgets the password and comes back [AUTH-11] [AUTH-12]', async () => {
  const { nora, mailbox, reader } = story
  const { page } = nora
  const [second, third] = ['four other small words', 'quite another evening tide']
  await nora.goTo('/account/security')
  await page.getByRole('button', { name: 'Change the password' }).click()
  await page.getByLabel('Present password').fill(password)
  await page.getByLabel('New password').fill(second)
  await page.getByRole('button', { name: 'Change the password' }).click()
  await nora.sees('The password is changed.')
  await mailbox.take(address, 'Your password was changed')

  const next = 'nora@elsewhere.test'
  await nora.goTo('/account')
  await page.getByRole('button', { name: 'Change the address' }).click()
  await page.getByLabel('New e-mail address').fill(next)
  await page.getByLabel('Your password').fill(second)
  await page.getByRole('button', { name: 'Change the address' }).click()
  await nora.sees(`Open the link that we sent to ${next}`)
  await mailbox.takeLink(address, 'Your address is to be changed')
  await nora.goTo(await mailbox.takeLink(next, 'Confirm your new address'))
  await nora.sees(page.getByRole('heading', { name: 'Your address has changed' }))

  await signOut(nora)
  await nora.goTo('/login')
  await page.getByRole('link', { name: 'Forgot your password?' }).click()
  await page.getByLabel('E-mail address').fill(next)
  await page.getByRole('button', { name: 'Send the link' }).click()
  await nora.sees('Look into your mail')
  await nora.goTo(await mailbox.takeLink(next, 'Set a new password'))
  await page.getByLabel('New password').fill(third)
  await page.getByRole('button', { name: 'Set the password' }).click()
  await nora.sees('Your new password is set. Sign in with it.')
  await givePassword(nora, next, third)
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await reader(async () => {
    await page.locator('.step').getByRole('button', { name: 'Use a passkey' }).click()
    await isIn(nora, 'Nora')
  })
})

chapter('blocks somebody, whom she neither reads nor shows herself to [PROF-09]', async ({ visitor }) => {
  const { nora } = story
  const { page } = nora
  const ruth = await visitor('Ruth')
  await openAccount(ruth)
  await ruth.goTo('/chat/general')
  await ruth.page.getByRole('textbox', { name: 'Message to' }).fill('Words nobody asked for')
  await ruth.page.getByRole('button', { name: 'Send', exact: true }).click()
  await nora.goTo('/chat/general')
  await nora.sees(page.getByRole('log').getByText('Words nobody asked for'))

  await nora.goTo('/@ruth')
  await page.getByRole('button', { name: 'More about Ruth' }).click()
  await page.getByRole('menuitem', { name: 'Block' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Block' }).click()
  await nora.sees('You block Ruth.')
  await nora.goTo('/chat/general')
  await nora.sees(page.getByRole('textbox', { name: 'Message to' }))
  await nora.missesOut(page.getByRole('log').getByText('Words nobody asked for'))
  ruth.expects(/404 .*\/@nora|404 .*\/profiles\/nora/)
  assert.is(await ruth.goTo('/@nora'), 404)
  await ruth.sees('There is nothing at this address.')
})

chapter('takes everything with her, and goes [PROF-10]', async ({ owner }) => {
  const { nora, mailbox } = story
  const { page } = nora
  await nora.goTo('/account/privacy')
  await page.getByRole('button', { name: 'Make an archive' }).click()
  const link = page.getByRole('link', { name: /^Download: Archive of/ })
  await nora.sees(link)
  const coming = page.waitForEvent('download')
  await link.click()
  const files = unzip(await readFile(await (await coming).path()))
  const account = JSON.parse(String(files.get('account.json')))
  assert.equal([account.username, account.email], ['nora', 'nora@elsewhere.test'])
  assert.match(String(files.get('profiles.json')), 'slow')

  await page.getByRole('button', { name: 'Delete my account' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete your account?' })
  const [name, secret] = [dialog.getByLabel('Type your username, nora'), dialog.getByLabel('Your password')]
  await name.fill('ruth')
  await secret.fill('quite another evening tide')
  await dialog.getByRole('button', { name: 'Delete my account' }).click()
  await nora.sees('This is not your username.')
  await name.fill('nora')
  await dialog.getByRole('button', { name: 'Delete my account' }).click()
  await nora.sees(/^Your account will be deleted on .* Sign in before that to keep it\.$/)
  await isOut(nora)
  const told = await mailbox.take('nora@elsewhere.test', 'Your account will be deleted')
  assert.match(told.text, 'To keep it, sign in before that day')

  const ada = await owner()
  await ada.goTo('/admin/members?status=leaving')
  await ada.sees(ada.page.getByRole('row').filter({ hasText: '@nora' }).filter({ hasText: 'leaving' }))
  await ada.shoot('member-leaving')
})

/** From here on the browser offers no passkey by itself: only the button asks for one. */
function offerNothing(): void {
  PublicKeyCredential.isConditionalMediationAvailable = async () => false
}

/** The owner sets the issuer up as one more way to sign in. */
async function addProvider(ada: Visitor, issuerUrl: string): Promise<void> {
  const { page } = ada
  await ada.goTo('/admin/sign-in')
  await page.getByRole('button', { name: 'Add a provider' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a provider' })
  await dialog.getByLabel('Provider').selectOption('oidc')
  await dialog.getByLabel('Name in addresses').fill(provider.name)
  await dialog.getByLabel('Title').fill('The crew')
  await dialog.getByLabel('Issuer').fill(issuerUrl)
  await dialog.getByLabel('Client ID').fill(provider.id)
  await dialog.getByLabel('Client secret').fill(provider.secret)
  await dialog.getByRole('button', { name: 'Add a provider' }).click()
  await ada.sees('The crew is saved.')
}

/** Red on the left, blue on the right. */
function redAndBlue(): Promise<Buffer> {
  const half = { width: 400, height: 400, channels: 3 as const, background: '#0000ff' }
  return sharp({ create: { ...half, width: 800, background: '#ff0000' } })
    .composite([{ input: { create: half }, left: 400, top: 0 }])
    .png()
    .toBuffer()
}

/** Which of the two all of a shown picture is; `mixed` where it has both. */
function colourOf(picture: ReturnType<Visitor['page']['locator']>): Promise<string> {
  return picture.evaluate(async (element) => {
    const image = element as HTMLImageElement
    await image.decode()
    const canvas = Object.assign(document.createElement('canvas'), { width: 3, height: 1 })
    const brush = canvas.getContext('2d')
    brush?.drawImage(image, 0, 0, 3, 1)
    const pixels = brush?.getImageData(0, 0, 3, 1).data ?? []
    const isBlue = [0, 4, 8].map((at) => (pixels[at + 2] ?? 0) > 200 && (pixels[at] ?? 0) < 60)
    if (isBlue.every(Boolean)) return 'blue'
    return isBlue.some(Boolean) ? 'mixed' : 'red'
  })
}

test.run()
