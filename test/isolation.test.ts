import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin, identity, type Route } from '#contract'
import * as chat from '../plugins/chat/contract.ts'
import { downloadReplay } from '../plugins/live/contract.ts'
import { findPublisher } from '../plugins/live/stream-keys.ts'
import { takeCallback } from '../plugins/payments/contract.ts'
import { findPayment } from '../plugins/payments/payments.ts'
import { signatureHeader, testCallback } from '../plugins/payments/sandbox.ts'
import { oEmbed } from '../plugins/player/contract.ts'
import { openSandbox } from '../plugins/tips/testdata/leave.ts'
import { setUpToken } from '../server/identity/set-up.ts'
import { openSigner } from '../server/sites/signer.ts'
import { databaseKinds } from './kit/databases.ts'
import { paramsOf, pathOf, sampleBody, sampleQuery } from './kit/routes.ts'
import { type Belongings, dumpSite, type TwoSites, twoSites } from './kit/two-sites.ts'

const host = 'other.test'

/** What `{id}`, `{slug}` … of main is, by the beginning of the route; a new route without an entry fails. */
function idsOf(route: Route, own: Belongings): Record<string, string> | null {
  const places: [path: string, params: Record<string, string> | null][] = [
    ['/api/v1/admin/jobs/', { id: own.jobId }],
    // A plugin's name means the same code at every site; that its state does not is tested by itself.
    ['/api/v1/admin/plugins/', null],
    ['/api/v1/admin/accounts/', { id: own.memberId }],
    ['/api/v1/admin/roles/', { name: own.roleName }],
    ['/api/v1/admin/invitations/', { id: own.invitationId }],
    ['/api/v1/admin/addresses/', { id: own.addressRuleId }],
    // Named by each site for itself; that the return from one counts at no other is tested beside them.
    ['/api/v1/admin/providers/', null],
    ['/api/v1/auth/external/', null],
    ['/api/v1/auth/identities/', { id: own.identityId }],
    ['/api/v1/auth/sessions/', { id: own.sessionId }],
    // Terms and privacy: each site has its own words under the same names.
    ['/api/v1/site/pages/', null],
    ['/api/v1/artists/roster/', { slug: own.slug, accountId: own.memberId }],
    ['/api/v1/live/channels/', { slug: own.slug }],
    ['/api/v1/live/replays/', { id: own.streamId }],
    ['/api/v1/live/keys/', { id: own.keyId }],
    ['/api/v1/live/clips/', { id: own.clipId }],
    ['/api/v1/live/events/', { id: own.eventId }],
    ['/api/v1/live/guests/', { id: own.guestId }],
    ['/api/v1/live/simulcasts/', { id: own.simulcastId }],
    ['/live/{slug}/events/', { slug: own.slug, id: own.eventId }],
    ['/api/v1/tips/goals/', { slug: own.slug }],
    ['/api/v1/tips/', { id: own.tipId }],
    // A provider's name means the same code at every site; what it signed for one counts at no other is tested below.
    ['/api/v1/payments/callbacks/', null],
    ['/api/v1/payments/', { id: own.paymentId }],
    ['/api/v1/media/uploads/', { id: own.uploadId }],
    ['/api/v1/media/assets/', { id: own.assetId }],
    ['/api/v1/profiles/', { username: own.canary }],
    ['/api/v1/auth/passkeys/', { id: own.passkeyId }],
    ['/api/v1/auth/app-passwords/', { id: own.appPasswordId }],
    ['/api/v1/catalog/releases/', { slug: own.releaseSlug }],
    ['/api/v1/catalog/tracks/', { id: own.trackId, versionId: own.versionId }],
    ['/api/v1/catalog/trash/', { id: own.trackId }],
    ['/api/v1/player/history/', { id: own.playId }],
    ['/api/v1/player/positions/', { trackId: own.trackId }],
    ['/api/v1/player/embeds/', { kind: 'track', key: own.trackId }],
    ['/api/v1/playlists/folders/', { id: own.folderId }],
    ['/api/v1/playlists/of/', { username: own.canary }],
    ['/api/v1/playlists/', { id: own.playlistId, accountId: own.memberId }],
    ['/api/v1/chat/rooms/', { slug: own.roomSlug, accountId: own.memberId }],
    ['/api/v1/chat/messages/', { id: own.messageId }],
    // Named by each site for itself; its pictures are in the site's own storage.
    ['/api/v1/chat/emotes/', null],
  ]
  const place = places.find(([path]) => route.path.startsWith(path))
  if (!place) throw new Error(`${route.path} has no entry in test/isolation.test.ts`)
  return place[1]
}

for (const kind of databaseKinds) {
  const sites = suite<TwoSites>(`two sites on one appliance, ${kind}`)
  sites.before(async (context) => {
    Object.assign(context, await twoSites(kind))
  })
  sites.after(({ app }) => app.close())

  sites(
    'every id of one site is unknown at the other, on every route [SITE-02] [SITE-10]',
    async (context) => {
      const { app, other, stranger, owner, own } = context
      const before = [await dumpSite(app.site), await dumpSite(other)]
      const routes = other.table.routes().map(({ route }) => route)
      const named = routes.filter((route) => paramsOf(route).length > 0)
      assert.ok(named.length > 15, `${named.length} routes with ids`)
      for (const route of named) {
        const ids = idsOf(route, own)
        if (!ids) continue
        const body = route.takes ? Buffer.from('no picture') : sampleBody(route)
        if (body && 'accountId' in body) body.accountId = own.memberId
        const call = { params: ids, query: sampleQuery(route) }
        const answer = await app
          .at('other')
          .as(stranger)
          .callRaw(route, { ...call, body })
        assert.is(answer.status, 404, `${route.method} ${route.path}: ${JSON.stringify(answer.body)}`)
        assert.not.match(JSON.stringify(answer.body).replaceAll(pathOf(route, ids), ''), own.canary)
      }
      assert.equal(await dumpSite(app.site), before[0])
      assert.equal(await dumpSite(other), before[1])
      // The same calls mean something at home, or the 404 above would prove nothing.
      const reads = named.filter(({ method }) => method === 'GET')
      for (const route of reads) {
        const ids = idsOf(route, own)
        if (!ids) continue
        const call = { params: ids, query: sampleQuery(route) }
        // No file can be made of a recording without media.
        const status = route.path === downloadReplay.path ? 409 : 200
        assert.is((await app.as(owner).callRaw(route, call)).status, status, route.path)
      }
    },
  )

  sites(
    'no list of the other site shows anything of the first [SITE-10]',
    async ({ app, stranger, owner, own }) => {
      const lists = app.site.table
        .routes()
        .filter(({ route }) => route.method === 'GET' && paramsOf(route).length === 0)
      const isSeen = (body: unknown) =>
        [own.canary, own.memberId, own.streamId, own.jobId, own.keyId].some((word) =>
          JSON.stringify(body).includes(word),
        )
      let shown = 0
      for (const { route } of lists) {
        // It asks what is behind an address: nothing of this site.
        const isQuestion = route.path === oEmbed.path
        const how = isQuestion ? { query: { url: `http://main.test/tracks/${own.trackId}` } } : {}
        const answer = await app.at('other').as(stranger).callRaw(route, how)
        assert.is(answer.status, isQuestion ? 404 : 200, route.path)
        assert.not.ok(isSeen(answer.body), route.path)
        if (isSeen((await app.as(owner).callRaw(route, how)).body)) shown++
      }
      assert.ok(shown >= 8, `only ${shown} lists show what is looked for at home`)
      for (const path of ['/', '/chat', `/live/${own.slug}`]) {
        const page = await (await app.request(path, { host, headers: { cookie: stranger.cookie } })).text()
        assert.not.match(page.replaceAll(`/live/${own.slug}`, ''), own.canary)
      }
    },
  )

  sites('sessions, tokens and passwords of one site open nothing at the other [SITE-10]', async (context) => {
    const { app, other, owner, stranger, own } = context
    const me = (account: { cookie?: string; accessToken?: string }, at: string) =>
      app.request('/api/v1/auth/me', {
        host: at,
        headers: account.cookie
          ? { cookie: account.cookie }
          : { authorization: `Bearer ${account.accessToken}` },
      })
    for (const secret of [{ cookie: owner.cookie }, { accessToken: owner.accessToken }, own.tokens]) {
      assert.is((await me(secret, 'main.test')).status, 200)
      assert.is((await me(secret, host)).status, 401)
    }
    const page = await app.request('/', { host, headers: { cookie: owner.cookie } })
    assert.not.match(await page.text(), owner.id)
    const { refreshToken } = own.tokens
    assert.is((await app.at('other').call(identity.refresh, { body: { refreshToken } })).status, 401)
    assert.is((await app.call(identity.refresh, { body: { refreshToken } })).status, 200)
    const login = { login: own.canary, password: own.password }
    assert.is((await app.at('other').call(identity.login, { body: login })).status, 401)
    assert.is((await app.call(identity.login, { body: login })).status, 200)
    await app.at('other').as(stranger).call(identity.logout)
    assert.is((await me({ cookie: owner.cookie }, 'main.test')).status, 200)
    await other.database.db('account_roles').delete()
    await app.site.database.db('account_roles').where({ role: 'owner' }).update({ role: 'admin' })
    const token = (await setUpToken(app.site.database.db, app.site.keyring)) ?? ''
    await setUpToken(other.database.db, other.keyring)
    const state = await app.at('other').call(identity.setUpState, { query: { token } })
    assert.equal(state.body, { isDone: false, isTokenGood: false })
    assert.is((await app.call(identity.setUpState, { query: { token } })).body.isTokenGood, true)
    for (const [site, account] of [
      [app.site, owner],
      [other, stranger],
    ] as const)
      await site.database.db('account_roles').insert({ accountId: account.id, role: 'owner' })
  })

  sites(
    'signed addresses and stream keys of one site are worth nothing at the other [SITE-03] [SITE-10]',
    async (context) => {
      const { app, other, own } = context
      // There is no sound in the recording: a good address then says 404, a bad one 403 before anything is looked for.
      for (const [address, atHome] of [
        [own.mediaUrl, 200],
        [own.playbackUrl, 200],
        [own.audioUrl, 404],
      ] as const) {
        assert.is((await app.request(address)).status, atHome, address)
        const foreign = await app.request(address, { host })
        assert.is(foreign.status, 403, address)
        assert.not.match(await foreign.text(), own.canary)
      }
      const signed = other.storage.url(`shared/${own.canary}.txt`, 600)
      assert.is((await app.request(new URL(signed, 'http://x').pathname, { host })).status, 404)
      assert.ok(await findPublisher(app.site.database.db, own.streamKey))
      assert.is(await findPublisher(other.database.db, own.streamKey), null)
    },
  )

  sites('what a provider tells one site of a payment counts at no other [SITE-10]', async (context) => {
    const { app, other, own } = context
    for (const site of [app.site, other]) await openSandbox({ site })
    const { db } = app.site.database
    const signer = await openSigner(db, app.site.keyring)
    const payment = await findPayment(db, own.paymentId)
    const { body, signature } = testCallback(signer, payment as never, 'paid')
    const tell = (at: string) =>
      app.request(pathOf(takeCallback as Route, { provider: 'sandbox' }), {
        method: 'POST',
        host: at,
        headers: { 'content-type': 'application/json', [signatureHeader]: signature },
        body,
      })
    assert.is((await tell(host)).status, 401)
    assert.is((await findPayment(db, own.paymentId))?.status, 'created')
    assert.is((await tell('main.test')).status, 204)
    assert.is((await findPayment(db, own.paymentId))?.status, 'paid')
  })

  sites('what is said in a room of one site is not heard at the other [SITE-10]', async (context) => {
    const { app, owner, stranger } = context
    stranger.cookie = (await app.addAccount({ roles: ['owner'], site: 'other' })).cookie
    const again = await app.addAccount({ roles: ['owner'], site: 'other' })
    const place = { channel: chat.roomChannel.name, params: { slug: 'general' } }
    const here = await app.socket(owner)
    const there = await app.socket(again, { host })
    const intruder = await app.socket(owner, { host })
    for (const socket of [here, there, intruder]) {
      socket.send({ op: 'join', id: 1, ...place })
      await socket.until((frame) => frame.op === 'joined')
    }
    const says = (text: string) => (frame: Record<string, unknown>) =>
      frame.type === 'said' && JSON.stringify(frame.data).includes(text)
    const general = { params: { slug: 'general' } }
    await app.as(owner).call(chat.postMessage, { ...general, body: { text: 'only at home' } })
    await here.until(says('only at home'))
    intruder.send({
      op: 'send',
      id: 2,
      ...place,
      type: 'say',
      data: { text: 'as owner of main', clientId: 'c' },
    })
    assert.is((await intruder.until((frame) => frame.id === 2)).op, 'refused')
    await app
      .at('other')
      .as(again)
      .call(chat.postMessage, { ...general, body: { text: 'only over there' } })
    for (const socket of [there, intruder]) {
      await socket.until(says('only over there'))
      assert.not.ok(socket.received.some(says('only at home')))
    }
    assert.not.ok(here.received.some(says('only over there')))
    for (const socket of [here, there, intruder]) socket.close()
  })

  sites(
    'switching, setting and working at one site leaves the other as it was [SITE-04] [SITE-05]',
    async (context) => {
      const { app, other, owner } = context
      const stranger = await app.addAccount({ roles: ['owner'], site: 'other' })
      const away = app.at('other').as(stranger)
      const before = await dumpSite(app.site)
      await away.call(admin.setPlugin, { params: { name: 'chat' }, body: { isEnabled: false } })
      await away.call(admin.updateSettings, { body: { title: 'Other label', registration: 'closed' } })
      await other.jobs.drain()
      assert.is((await app.at('other').call(chat.listRooms)).status, 404)
      assert.is((await app.call(chat.listRooms)).status, 200)
      assert.equal((await app.call(admin.site)).body.registration, 'open')
      assert.is((await app.at('other').call(admin.site)).body.title, 'Other label')
      assert.equal(await dumpSite(app.site), before)
      await app.as(owner).call(admin.setPlugin, { params: { name: 'live' }, body: { isEnabled: false } })
      const { plugins } = (await app.at('other').call(admin.site)).body
      assert.ok(plugins.includes('live') && !plugins.includes('chat'), String(plugins))
    },
  )

  sites('a host that is no site’s gets nothing: 421 [SITE-06]', async ({ app }) => {
    for (const name of ['nobody.test', 'main.test.nobody.test', 'xmain.test', 'other.test.']) {
      const status = name === 'other.test.' ? 200 : 421
      assert.is((await app.request('/api/v1/site', { host: name })).status, status, name)
      if (status === 200) continue
      for (const path of ['/', '/media/x/y', '/hls/x/y/z'])
        assert.is((await app.request(path, { host: name })).status, 421, `${name}${path}`)
      const refusal = await app.socket(undefined, { host: name }).catch((error: Error) => error.message)
      assert.match(String(refusal), '421')
    }
    assert.is((await app.request('/api/v1/site', { host: 'OTHER.test:8080' })).status, 200)
    assert.is((await app.request('/health/live', { host: 'nobody.test' })).status, 200)
  })

  sites.run()
}
