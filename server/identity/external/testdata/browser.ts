import * as assert from 'uvu/assert'
import { identity, type Route } from '#contract'
import type { TestAccount, TestApp } from '../../../../test/kit/app.ts'
import { CookieJar } from '../../../../test/kit/cookie-jar.ts'

interface Reply {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  body: any
  problem: string | undefined
}

/** Somebody's browser at a site: keeps cookies, leaves for a provider and comes back. */
export interface Browser {
  jar: CookieJar
  call(route: Route, input?: { params?: Record<string, string>; body?: unknown }): Promise<Reply>
  /** Address of the provider's page. */
  leave(provider: string, body?: Record<string, unknown>): Promise<string>
  /** Where the site sends it, having come back. */
  comeBack(url: URL): Promise<string>
  /** Username of who is signed in. */
  who(): Promise<string | null>
}

export function browserAt(
  app: TestApp,
  { as, host = 'main.test' }: { as?: TestAccount; host?: string } = {},
) {
  const jar = new CookieJar()
  if (as) jar.take(new Headers({ 'set-cookie': as.cookie }))
  const send = async (path: string, init: RequestInit = {}) => {
    const headers = { ...(init.headers as Record<string, string>), cookie: jar.header }
    const response = await app.request(path, { ...init, host, headers })
    jar.take(response.headers)
    return response
  }
  const call: Browser['call'] = async (route, { params = {}, body } = {}) => {
    const path = route.path.replace(/\{(\w+)\}/g, (_all, name: string) => params[name] ?? '')
    const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const response = await send(path, { method: route.method, ...(body === undefined ? {} : json) })
    const text = await response.text()
    const answer = text === '' ? undefined : JSON.parse(text)
    return { status: response.status, body: answer, problem: answer?.type?.replace('urn:veza:problem:', '') }
  }
  const browser: Browser = {
    jar,
    call,
    leave: async (provider, body = {}) => {
      const { status, body: answer } = await call(identity.startExternal as Route, {
        params: { provider },
        body,
      })
      assert.is(status, 200, JSON.stringify(answer))
      return answer.url
    },
    comeBack: async (url) => {
      const response = await send(url.pathname + url.search)
      assert.is(response.status, 302, await response.text())
      return response.headers.get('location') ?? ''
    },
    who: async () => (await call(identity.me as Route)).body?.username ?? null,
  }
  return browser
}
