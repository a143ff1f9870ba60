import { readFile } from 'node:fs/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Visitor } from '../kit/browser.ts'
import { type Mailbox, openMailbox } from '../kit/mailbox.ts'
import { type Issuer, startIssuer } from '../kit/oidc-issuer.ts'
import { unzip } from '../kit/unzip.ts'
import { choosePicture, colourOf, redAndBlue } from './pictures.ts'
import {
  givePassword,
  isIn,
  isOut,
  type OpenStage,
  openStage,
  password,
  type Stage,
  signOut,
} from './stage.ts'
import {
  addProvider,
  addReader,
  type CodeApp,
  giveCode,
  offerNothing,
  passIssuer,
  type Reader,
  setUpApp,
} from './ways-in.ts'

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
const provider = { name: 'crew', title: 'The crew', id: 'veza', secret: 'a secret of the issuer' }

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
  // The issuer's own page asks for a font that is not of this machine.
  nora.expects(/fonts\.googleapis\.com/)
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
  await choosePicture(nora, await redAndBlue())
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
  story.issuer = await startIssuer({ clients: [{ id: provider.id, secret: provider.secret, redirectUris }] })
  const { url } = story.issuer
  await addProvider(ada, { ...provider, issuer: url })

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

test.run()
