import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

interface GithubUser {
  id: number
  login: string
  name: string | null
  emails: { email: string; primary: boolean; verified: boolean }[]
}
interface Code {
  user: GithubUser
  redirectUri: string
  challenge: string
}

/** A server that answers as GitHub Enterprise does: OAuth 2 with PKCE, `/user` and `/user/emails`. */
export interface GithubLike {
  url: string
  users: Map<string, GithubUser>
  /** Agrees as that person; resolves to the address the browser is sent back to. */
  signInAs(login: string, authorizationUrl: string): URL
  close(): Promise<void>
}

export async function startGithub(client: {
  id: string
  secret: string
  redirectUri: string
}): Promise<GithubLike> {
  const users = new Map<string, GithubUser>()
  const codes = new Map<string, Code>()
  const tokens = new Map<string, GithubUser>()
  const token = (form: URLSearchParams) => {
    const code = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const isRight =
      form.get('client_id') === client.id &&
      form.get('client_secret') === client.secret &&
      form.get('redirect_uri') === code?.redirectUri &&
      challenge === code?.challenge
    // GitHub answers 200 to a bad code, too.
    if (!isRight || !code) return { error: 'bad_verification_code' }
    const access_token = randomBytes(12).toString('hex')
    tokens.set(access_token, code.user)
    return { access_token, token_type: 'bearer', scope: 'read:user,user:email' }
  }
  const answer = async (req: IncomingMessage): Promise<[status: number, body: unknown]> => {
    if (req.method === 'POST' && req.url === '/login/oauth/access_token')
      return [200, token(new URLSearchParams(await textOf(req)))]
    const user = tokens.get(req.headers.authorization?.replace('Bearer ', '') ?? '')
    if (!req.url?.startsWith('/api/v3/')) return [404, { message: 'Not Found' }]
    if (!user) return [401, { message: 'Requires authentication' }]
    const { emails, ...rest } = user
    if (req.url === '/api/v3/user') return [200, { ...rest, email: 'shown@github.test' }]
    return req.url === '/api/v3/user/emails' ? [200, emails] : [404, { message: 'Not Found' }]
  }
  const server = createServer(async (req, res) => {
    const [status, body] = await answer(req)
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    users,
    signInAs: (login, authorizationUrl) => {
      const { pathname, searchParams: asked } = new URL(authorizationUrl)
      const user = users.get(login)
      const [redirectUri, challenge] = [asked.get('redirect_uri') ?? '', asked.get('code_challenge') ?? '']
      const isRight =
        pathname === '/login/oauth/authorize' &&
        asked.get('client_id') === client.id &&
        redirectUri === client.redirectUri &&
        asked.get('code_challenge_method') === 'S256'
      if (!user || !isRight) throw new Error(`GitHub would not take ${authorizationUrl}`)
      const code = randomBytes(10).toString('hex')
      codes.set(code, { user, redirectUri, challenge })
      return new URL(`${redirectUri}?${new URLSearchParams({ code, state: asked.get('state') ?? '' })}`)
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

async function textOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
