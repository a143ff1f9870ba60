import { randomUUID } from 'node:crypto'
import type { APIRequestContext } from 'playwright-core'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Visitor } from '../kit/browser.ts'
import { addresses, markdown, scripts } from '../kit/payloads.ts'
import { type OpenStage, openStage, type Stage } from './stage.ts'

/** A member writes scripts wherever something can be written; the others look at it. */
interface Context {
  stage: OpenStage
}

const test = suite<Context>('evil texts')
test.before(async (context) => {
  context.stage = await openStage({ env: { VEZA_PLUGINS_PAYMENTS_SANDBOX: 'true' } })
})
test.after(({ stage }) => stage?.close())

const password = 'three small words'
const all = [...scripts, ...markdown].join('\n\n')

/** Calls the API as the visitor's browser would; throws where it is refused and `isTried` was not said. */
async function send(
  { context: { request } }: Visitor,
  method: 'get' | 'post' | 'patch' | 'put',
  path: string,
  data?: object,
  isTried = false,
) {
  // What begins a payment asks for a key of its own.
  const headers = { 'idempotency-key': randomUUID() }
  const answer = await (request as APIRequestContext)[method](`/api/v1/${path}`, {
    headers,
    ...(data && { data }),
  })
  if (!isTried) assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`)
  return answer
}

async function somebody({ visitor, server }: Stage, name: string): Promise<Visitor> {
  const person = await visitor(name)
  const dialogs: string[] = []
  person.page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  Object.assign(person, { dialogs })
  if (name === 'owner')
    await send(person, 'post', 'auth/login', { login: server.owner.email, password: server.owner.password })
  else await send(person, 'post', 'auth/register', { email: `${name}@people.test`, username: name, password })
  return person
}

/** Writes every text that a member has; resolves to the id of the account. */
async function writeEverywhere(eve: Visitor): Promise<void> {
  for (const displayName of scripts) await send(eve, 'patch', 'auth/me', { displayName }, true)
  await send(eve, 'patch', 'auth/me', { displayName: '<img src=x onerror=__hit=1>' })
  const short = scripts.filter((text) => text.length <= 40)
  for (const url of addresses)
    await send(eve, 'patch', 'profiles/-/mine', { links: [{ label: 'x', url }] }, true)
  const url = 'https://people.test/?"><script>__hit=1</script>'
  await send(eve, 'patch', 'profiles/-/mine', {
    bio: all,
    place: scripts[3],
    genres: short.slice(0, 10),
    instruments: short.slice(5, 15),
    roles: short.slice(0, 5),
    links: short.slice(0, 12).map((label) => ({ label, url })),
  })
  await send(eve, 'post', 'auth/app-passwords', { name: scripts[3], scopes: ['api-read'] })
  await send(eve, 'post', 'chat/rooms/general/messages', { text: scripts.join('\n').slice(0, 1000) })
  await send(eve, 'post', 'chat/rooms/general/messages', { text: markdown.join('\n').slice(0, 1000) })
  await send(eve, 'post', 'chat/rooms/general/messages', { text: addresses.join('\n').slice(0, 1000) })
}

/** What only the label writes may come from somebody who took over an account of it. */
async function writeAsTheLabel(owner: Visitor): Promise<void> {
  const words = scripts.slice(0, 10)
  for (const url of addresses)
    await send(owner, 'patch', 'artists/roster/eve', { links: [{ label: 'x', url }] }, true)
  await send(owner, 'post', 'artists/roster', { name: scripts[3], slug: 'eve' })
  const links = words.map((label) => ({
    label: label.slice(0, 40),
    url: 'https://people.test/?"><script>__hit=1',
  }))
  const genres = words.map((word) => word.slice(0, 40))
  await send(owner, 'patch', 'artists/roster/eve', { bio: all, place: scripts[4], genres, links })
  await send(owner, 'post', 'live/channels', {
    slug: 'eve',
    title: scripts[0],
    description: all.slice(0, 2000),
  })
  const title = scripts[1]
  await send(owner, 'patch', 'admin/settings', { title, description: scripts[3], terms: all, privacy: all })
  await send(owner, 'post', 'admin/roles', { name: 'evil', title: scripts[3] })
  await send(owner, 'post', 'admin/invitations', { note: scripts[3] })
  await send(owner, 'post', 'admin/addresses', { network: '203.0.113.9', reason: scripts[3] })
  const provider = { kind: 'oidc', title: scripts[3], clientId: scripts[4], issuer: 'https://issuer.test' }
  await send(owner, 'put', 'admin/providers/evil', { ...provider, isEnabled: false }, true)
}

/** What stands around a stream: a set, a goal, where it is sent on to, and what a member gives with words. */
async function writeOnStage(owner: Visitor, eve: Visitor): Promise<{ set: string; payment: string }> {
  const at = 'live/channels/eve'
  const startsAt = new Date(Date.now() + 3_600_000).toISOString()
  const plan = { title: scripts[0], description: all.slice(0, 4000), startsAt }
  const { id } = await (await send(owner, 'post', `${at}/events`, plan)).json()
  await send(owner, 'put', 'tips/goals/eve', { title: scripts[3], amountMinor: 9000 })
  const url = `rtmp://people.test/"><script>__hit=1</script>`
  await send(owner, 'post', `${at}/simulcasts`, { title: scripts[3], url, key: 'k', isOn: false })
  await send(owner, 'patch', `${at}/mix`, { cameras: [{ camera: 2, title: scripts[3] }] })
  const tip = { amountMinor: 500, message: scripts.slice(0, 6).join(' ') }
  const { checkout } = await (await send(eve, 'post', `${at}/tips`, tip)).json()
  const payment: string = checkout.url
  await send(eve, 'post', `payments/${payment.split('/').at(-1)}/test`, { outcome: 'paid' })
  return { set: `/live/eve/events/${id}`, payment }
}

/** What is on the page that no text may bring there; runs in the browser. */
function findInjected(html?: string): string[] {
  const root: ParentNode = html === undefined ? document : new DOMParser().parseFromString(html, 'text/html')
  const found: string[] = []
  for (const element of root.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on') || name === 'srcdoc') found.push(`<${element.localName} ${name}=${value}>`)
      const isAddress = ['href', 'src', 'action', 'formaction', 'data', 'xlink:href'].includes(name)
      const isOwn = /^(?:https?:|mailto:|blob:|data:image\/|[/#?]|[\w@-]+$)/i.test(value) || value === ''
      if (isAddress && !isOwn) found.push(`<${element.localName} ${name}=${value}>`)
    }
    // Facts for search engines are data, which no sign in them may end.
    if (element.matches('script[type="application/ld+json"]') && !element.textContent.includes('<')) continue
    if (
      element.matches(
        'iframe, object, embed, base, meta[http-equiv], math, script:not([src], #veza-boot[type="text/plain"])',
      )
    )
      found.push(element.outerHTML.slice(0, 200))
    if (element.matches('script[src]') && !element.getAttribute('src')?.startsWith('/assets/'))
      found.push(element.outerHTML.slice(0, 200))
  }
  if ('__hit' in window) found.push('a script ran')
  return found
}

/** Looks at a page as it came and as it became; whether something of the texts can be read there. */
async function lookAt(person: Visitor, path: string): Promise<boolean> {
  const response = await person.page.goto(path, { waitUntil: 'networkidle' })
  assert.ok((response?.status() ?? 0) < 400, `${path}: ${response?.status()}`)
  const html = (await response?.text()) ?? ''
  assert.equal(
    await person.page.evaluate(findInjected, undefined),
    [],
    `${path} in the browser of ${person.name}`,
  )
  assert.equal(await person.page.evaluate(findInjected, html), [], `${path} as it was sent to ${person.name}`)
  assert.equal((person as Visitor & { dialogs: string[] }).dialogs, [], path)
  return (await person.page.locator('body').innerText()).includes('__hit=1')
}

test('scripts in every text are text on every page that shows them [PROF-02] [SEC-03]', ({ stage }) =>
  stage.play(async (scene) => {
    const [eve, owner] = [await somebody(scene, 'eve'), await somebody(scene, 'owner')]
    await writeEverywhere(eve)
    await writeAsTheLabel(owner)
    const { set, payment } = await writeOnStage(owner, eve)
    const { id } = await (await send(eve, 'get', 'profiles/eve')).json()
    const shownTo: [Visitor, string[]][] = [
      [
        owner,
        [
          ...[
            '/',
            '/@eve',
            '/artists',
            '/artists/eve',
            '/artists/eve/edit',
            '/live',
            '/live/eve',
            '/chat/general',
          ],
          ...[
            '/terms',
            '/privacy',
            '/admin/members',
            `/admin/members/${id}`,
            '/admin/audit',
            '/admin/invitations',
          ],
          ...['/admin/roles', '/admin/addresses', '/admin/sign-in', '/admin/mail', '/admin/settings'],
          ...[set, '/go-live?channel=eve', '/go-live/stats?channel=eve'],
        ],
      ],
      [
        eve,
        [
          ...['/@eve', '/profile/edit', '/account', '/account/security', '/account/sessions'],
          ...['/account/activity', '/live/eve', payment],
        ],
      ],
    ]
    let shown = 0
    for (const [person, paths] of shownTo) for (const path of paths) if (await lookAt(person, path)) shown++
    assert.ok(shown >= 16, `only ${shown} pages show what was written`)
    // What is looked for would be found.
    await eve.page.setContent('<img src=x onerror=__hit=1><a href="javascript:__hit=1">x</a>')
    eve.expects(/Content Security Policy|ERR_|404/)
    assert.is((await eve.page.evaluate(findInjected, undefined)).length, 2)
  }))

test.run()
