import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
// @ts-expect-error The package has no types.
import Provider from 'oidc-provider'
import { CookieJar } from './cookie-jar.ts'

export interface IssuerClient {
  id: string
  /** Without one it is a public client. */
  secret?: string
  redirectUris: string[]
}
/** What the issuer says of a login; `sub` is the login. */
export type IssuerClaims = (login: string) => Record<string, unknown>

/** A real OpenID Connect provider on this machine, whose pages ask for a login (any password) and for consent. */
export interface Issuer {
  url: string
  /** Goes through its pages as that person; resolves to the address the browser is sent back to. */
  signInAs(login: string, authorizationUrl: string): Promise<URL>
  /** Requests of programs so far, by path. */
  requests: string[]
  close(): Promise<void>
}

const said: IssuerClaims = (login) => ({
  email: `${login}@issuer.test`,
  email_verified: true,
  name: `${login[0]?.toUpperCase()}${login.slice(1)} of the issuer`,
  preferred_username: login,
})

export async function startIssuer({
  clients,
  claims = said,
}: {
  clients: IssuerClient[]
  claims?: IssuerClaims
}): Promise<Issuer> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const requests: string[] = []
  const answer = quietly(() => new Provider(url, settings(clients, claims)).callback())
  server.on('request', (req, res) => {
    requests.push(new URL(req.url ?? '/', url).pathname)
    answer(req, res)
  })
  return {
    url,
    requests,
    signInAs: (login, authorizationUrl) => walk(url, login, authorizationUrl),
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

/** It warns of everything that only a test may do. */
function quietly<T>(make: () => T): T {
  const { warn } = console
  console.warn = () => {}
  try {
    return make()
  } finally {
    console.warn = warn
  }
}

function settings(clients: IssuerClient[], claims: IssuerClaims) {
  return {
    clients: clients.map(({ id, secret, redirectUris }) => ({
      client_id: id,
      redirect_uris: redirectUris,
      grant_types: ['authorization_code'],
      response_types: ['code'],
      ...(secret ? { client_secret: secret } : { token_endpoint_auth_method: 'none' }),
    })),
    findAccount: async (_ctx: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ sub: id, ...claims(id) }),
    }),
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name', 'preferred_username'],
    },
    features: { devInteractions: { enabled: true } },
    pkce: { required: () => true },
    cookies: { keys: ['of a test'] },
    ttl: {
      Interaction: 600,
      Session: 600,
      Grant: 600,
      AccessToken: 600,
      IdToken: 600,
      AuthorizationCode: 60,
    },
  }
}

/** Follows redirects and sends the forms until it is sent to another host. */
async function walk(issuer: string, login: string, authorizationUrl: string): Promise<URL> {
  const browser = new CookieJar()
  let url = authorizationUrl
  for (let step = 0; step < 12; step++) {
    const page = await browser.fetch(url)
    const location = page.headers.get('location') ?? (await sendForm(browser, login, url, page))
    const next = new URL(location, url)
    if (next.origin !== issuer) return next
    url = next.href
  }
  throw new Error(`The issuer leads nowhere from ${url}`)
}

async function sendForm(browser: CookieJar, login: string, url: string, page: Response): Promise<string> {
  const html = await page.text()
  const action = /<form[^>]* action="([^"]+)"/.exec(html)?.[1]
  const prompt = /name="prompt" value="(\w+)"/.exec(html)?.[1]
  if (!action || !prompt) throw new Error(`The issuer answered ${page.status}: ${html.slice(0, 300)}`)
  const body = new URLSearchParams(prompt === 'login' ? { prompt, login, password: 'any' } : { prompt })
  const sent = await browser.fetch(new URL(action, url).href, { method: 'POST', body })
  return sent.headers.get('location') ?? ''
}
