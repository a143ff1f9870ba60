import { Secret, TOTP } from 'otpauth'
import type { Visitor } from '../kit/browser.ts'
import { eventually } from '../kit/wait.ts'
import { isIn } from './stage.ts'

const periodMs = 30_000

/** An authenticator app; each code it gives is newer than the one before, as the server asks for. */
export class CodeApp {
  readonly #totp: TOTP
  #lastStep = 0

  constructor(secret: string) {
    this.#totp = new TOTP({ secret: Secret.fromBase32(secret) })
  }

  /** A code that is good for some seconds at least; waits where the next one would be refused as too early. */
  async next(): Promise<string> {
    const oldest = () => Math.floor((Date.now() + 8_000) / periodMs) - 1
    const step = Math.max(this.#lastStep + 1, oldest())
    await eventually('the next code', () => Math.floor(Date.now() / periodMs) + 1 >= step, 2 * periodMs)
    this.#lastStep = step
    return this.#totp.generate({ timestamp: step * periodMs })
  }
}

/** Sets an authenticator app up on the page of the account's security; the app and its recovery codes. */
export async function setUpApp(visitor: Visitor): Promise<{ app: CodeApp; recoveryCodes: string[] }> {
  const { page } = visitor
  await visitor.goTo('/account/security')
  await page.getByRole('button', { name: 'Set up an app' }).click()
  await visitor.sees(page.getByRole('img', { name: 'QR code for the authenticator app' }))
  const app = new CodeApp(
    await page.getByRole('textbox', { name: 'Or type this key into the app' }).inputValue(),
  )
  await page.getByLabel('Six-digit code').fill(await app.next())
  await page.getByRole('button', { name: 'Switch it on' }).click()
  await visitor.sees('They are shown only now.')
  const recoveryCodes = await page.locator('.codes li').allInnerTexts()
  await page.getByLabel('I kept them').check()
  await page.getByRole('button', { name: 'Done' }).click()
  await visitor.missesOut('They are shown only now.')
  return { app, recoveryCodes }
}

/** The second step of signing in, by a code of the app or a recovery code. */
export async function giveCode(visitor: Visitor, code: string): Promise<void> {
  const { page } = visitor
  const isRecovery = !/^\d{6}$/.test(code)
  await visitor.sees(page.getByRole('heading', { name: 'One more step' }))
  if (isRecovery) await page.getByRole('button', { name: 'Use a recovery code' }).click()
  await page.getByLabel(isRecovery ? 'Recovery code' : 'Six-digit code').fill(code)
  await page.getByRole('button', { name: 'Confirm' }).click()
  await isIn(visitor)
}

/** A fingerprint reader; it answers only what is asked while a finger lies on it. */
export type Reader = (whileTouched: () => Promise<void>) => Promise<void>

/** Fits the visitor's browser with one. */
export async function addReader({ context, page }: Visitor): Promise<Reader> {
  const devtools = await context.newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      // Otherwise it would answer what the sign-in page offers by itself.
      automaticPresenceSimulation: false,
    },
  })
  const lay = (enabled: boolean) =>
    devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled })
  return async (whileTouched) => {
    await lay(true)
    await whileTouched()
    await lay(false)
  }
}

/** Goes through the pages of the test's issuer as that person, until the browser is sent back. */
export async function passIssuer(visitor: Visitor, issuerUrl: string, login: string): Promise<void> {
  const { page } = visitor
  visitor.expects(new RegExp(`404 .*${issuerUrl}/favicon.ico`))
  // Its pages ask for a font elsewhere; no test goes out.
  await page.route(/^https:/, (route) => route.fulfill({ contentType: 'text/css', body: '' }))
  await page.waitForURL((url) => url.origin === issuerUrl)
  await page.locator('input[name=login]').fill(login)
  await page.locator('input[name=password]').fill('any')
  await page.locator('button[type=submit]').click()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.waitForURL((url) => url.origin !== issuerUrl)
}

/** Run in a page: from there on the browser offers no passkey by itself, only the button asks for one. */
export function offerNothing(): void {
  PublicKeyCredential.isConditionalMediationAvailable = async () => false
}

/** The owner sets an issuer up as one more way to sign in. */
export async function addProvider(
  ada: Visitor,
  provider: { name: string; title: string; id: string; secret: string; issuer: string },
): Promise<void> {
  const { page } = ada
  await ada.goTo('/admin/sign-in')
  await page.getByRole('button', { name: 'Add a provider' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a provider' })
  await dialog.getByLabel('Provider').selectOption('oidc')
  await dialog.getByLabel('Name in addresses').fill(provider.name)
  await dialog.getByLabel('Title').fill(provider.title)
  await dialog.getByLabel('Issuer').fill(provider.issuer)
  await dialog.getByLabel('Client ID').fill(provider.id)
  await dialog.getByLabel('Client secret').fill(provider.secret)
  await dialog.getByRole('button', { name: 'Add a provider' }).click()
  await ada.sees(`${provider.title} is saved.`)
}
