import { randomUUID } from 'node:crypto'
import { hash } from '@node-rs/argon2'
import { median, quantile, spread } from './kit/numbers.ts'
import { rankSum } from './kit/rank-sum.ts'
import type { Finding } from './kit/report.ts'
import { startVeza, type Veza } from './kit/veza.ts'

const rounds = 5
const signInsARound = 60
const readsARound = 1_000
const registrations = 200
const guesses = 300
// As server/identity/passwords.ts has them.
const parameters = { memoryCost: 47_104, timeCost: 3, parallelism: 1 }
const password = `${randomUUID()} seven harbours`

/** Signing in beside one hash, what an authenticated request costs more, a rush of newcomers, and what times tell. */
export async function identity(): Promise<Finding> {
  const veza = await startVeza({ VEZA_HTTP_TRUSTED_PROXIES: '127.0.0.1' })
  try {
    const rush = await registerMany(veza)
    const [login, oneHash] = await signIns(veza)
    const overhead = await overheads(veza)
    const told = await whatTimesTell(veza)
    const ratios = login.map((time, round) => time / (oneHash[round] ?? Number.NaN))
    return {
      name: 'identity',
      title: 'Accounts: signing in, authenticated requests, newcomers, and what times tell a stranger',
      how: `Over HTTP from another process, SQLite. Signing in (${signInsARound} a round, one after the other) beside hashes of argon2id with the same parameters taken in turns; GET /api/v1/site without and with a session (${readsARound} a round); ${registrations} registrations at once from one address; ${guesses} wrong passwords each for known and unknown names, and as many asked-for reset links, taken in turns, compared by the Mann-Whitney test (|z| under 2 is what chance does). Median of ${rounds} rounds (least to greatest). Milliseconds.`,
      columns: ['what', 'measured', 'beside', 'difference'],
      rows: [
        ['signing in, p95', spread(login, 1), `one argon2id ${spread(oneHash, 1)}`, `${spread(ratios, 2)}x`],
        [
          'request with a cookie, p50',
          spread(overhead.cookie, 3),
          spread(overhead.bare, 3),
          spread(minus(overhead.cookie, overhead.bare), 3),
        ],
        [
          'request with a JWT, p50',
          spread(overhead.bearer, 3),
          spread(overhead.bare, 3),
          spread(minus(overhead.bearer, overhead.bare), 3),
        ],
        [
          `${registrations} registrations at once`,
          `${rush.ms.toFixed(0)} in all`,
          `${rush.failures} failed`,
          '-',
        ],
        [
          'wrong password, known name',
          told.login.known.toFixed(1),
          `unknown ${told.login.unknown.toFixed(1)}`,
          `z = ${told.login.z.toFixed(2)}`,
        ],
        [
          'reset link, known address',
          told.forgot.known.toFixed(2),
          `unknown ${told.forgot.unknown.toFixed(2)}`,
          `z = ${told.forgot.z.toFixed(2)}`,
        ],
      ],
      aims: [
        { what: 'signing in / one hash, p95', measured: median(ratios), atMost: 1.3, unit: 'x' },
        {
          what: 'an authenticated request costs more, p50',
          measured: median(minus(overhead.bearer, overhead.bare)),
          atMost: 1,
          unit: 'ms',
        },
        { what: 'failed registrations', measured: rush.failures, atMost: 0, unit: '' },
        { what: '|z| of wrong passwords', measured: Math.abs(told.login.z), atMost: 2, unit: '' },
        { what: '|z| of reset links', measured: Math.abs(told.forgot.z), atMost: 2, unit: '' },
      ],
    }
  } finally {
    await veza.stop()
  }
}

const minus = (a: readonly number[], b: readonly number[]) =>
  a.map((value, i) => value - (b[i] ?? Number.NaN))

/** A POST, as if from that address; the answer is read to its end. */
async function post(veza: Veza, path: string, body: object, from = '192.0.2.1'): Promise<Response> {
  return fetch(`${veza.http}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': from },
    body: JSON.stringify(body),
  })
}
const nameOf = (i: number) => `member-${i}`
const mailOf = (i: number) => `${nameOf(i)}@example.org`
const registration = (i: number) => ({ email: mailOf(i), username: nameOf(i), password })

async function registerMany(veza: Veza): Promise<{ ms: number; failures: number }> {
  const startedAt = performance.now()
  const all = await Promise.all(
    Array.from({ length: registrations }, async (_, i) => {
      const response = await post(veza, '/api/v1/auth/register', registration(i))
      await response.text()
      return response.ok
    }),
  )
  return { ms: performance.now() - startedAt, failures: all.filter((isOk) => !isOk).length }
}

/** 95th percentiles a round: of signing in, and of a hash alone. */
async function signIns(veza: Veza): Promise<[login: number[], oneHash: number[]]> {
  const found: [number[], number[]] = [[], []]
  for (let round = -1; round < rounds; round++) {
    const times: [number[], number[]] = [[], []]
    for (let i = 0; i < signInsARound; i++) {
      let at = performance.now()
      const response = await post(veza, '/api/v1/auth/login', { login: nameOf(i), password }, `192.0.2.${i}`)
      await response.text()
      if (!response.ok) throw new Error(`login answered ${response.status}`)
      times[0].push(performance.now() - at)
      at = performance.now()
      await hash(password, parameters)
      times[1].push(performance.now() - at)
    }
    // The first round warms up.
    if (round >= 0) for (const side of [0, 1] as const) found[side].push(quantile(times[side], 0.95))
  }
  return found
}

async function overheads(veza: Veza): Promise<Record<'bare' | 'cookie' | 'bearer', number[]>> {
  const response = await post(veza, '/api/v1/auth/login', { login: nameOf(0), password })
  const cookie = response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? ''
  const { accessToken } = (await response.json()) as { accessToken: string }
  const ways = { bare: {}, cookie: { cookie }, bearer: { authorization: `Bearer ${accessToken}` } }
  const found: Record<keyof typeof ways, number[]> = { bare: [], cookie: [], bearer: [] }
  for (let round = -1; round < rounds; round++) {
    const times: Record<keyof typeof ways, number[]> = { bare: [], cookie: [], bearer: [] }
    for (let i = 0; i < readsARound; i++)
      for (const way of ['bare', 'cookie', 'bearer'] as const) {
        const at = performance.now()
        await (await fetch(`${veza.http}/api/v1/site`, { headers: ways[way] })).text()
        times[way].push(performance.now() - at)
      }
    if (round >= 0)
      for (const way of ['bare', 'cookie', 'bearer'] as const) found[way].push(median(times[way]))
  }
  return found
}

interface Told {
  known: number
  unknown: number
  z: number
}

/** Whether the time of an answer tells a name or an address that is known here. */
async function whatTimesTell(veza: Veza): Promise<Record<'login' | 'forgot', Told>> {
  const compare = async (ask: (i: number, isKnown: boolean) => Promise<Response>): Promise<Told> => {
    const times = { known: [] as number[], unknown: [] as number[] }
    for (let i = 0; i < 2 * guesses; i++) {
      // Which comes first changes each time.
      const isKnown = (i + (i >> 1)) % 2 === 0
      const at = performance.now()
      await (await ask(i, isKnown)).text()
      times[isKnown ? 'known' : 'unknown'].push(performance.now() - at)
    }
    const { known, unknown } = times
    return { known: median(known), unknown: median(unknown), z: rankSum(known, unknown) }
  }
  const from = (i: number) => `10.${i >> 8}.${i & 255}.1`
  return {
    login: await compare((i, isKnown) =>
      post(
        veza,
        '/api/v1/auth/login',
        { login: isKnown ? nameOf(i % registrations) : `nobody-${i % registrations}`, password: 'wrong' },
        from(i),
      ),
    ),
    forgot: await compare((i, isKnown) =>
      post(
        veza,
        '/api/v1/auth/forgot',
        { email: isKnown ? mailOf(i % registrations) : `nobody-${i % registrations}@example.org` },
        from(i + 5_000),
      ),
    ),
  }
}
