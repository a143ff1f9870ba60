import { admin, identity } from '#contract'
import * as artists from '../../plugins/artists/contract.ts'
import { addRelease } from '../../plugins/catalog/testdata/kit.ts'
import * as chat from '../../plugins/chat/contract.ts'
import { bundledPlugins } from '../../plugins/index.ts'
import * as live from '../../plugins/live/contract.ts'
import { recordingPrefix } from '../../plugins/live/desk.ts'
import { insertStream, markLive } from '../../plugins/live/streams.ts'
import { leaveParts, leaveRecording } from '../../plugins/live/testdata/leave.ts'
import { audioUrlOf, leaveAsset, leaveUpload } from '../../plugins/media/testdata/leave.ts'
import { insertPlays } from '../../plugins/player/plays.ts'
import * as playlists from '../../plugins/playlists/contract.ts'
import * as profiles from '../../plugins/profiles/contract.ts'
import { setGoal } from '../../plugins/tips/contract.ts'
import { leaveTip, openSandbox } from '../../plugins/tips/testdata/leave.ts'
import { insertIdentity } from '../../server/identity/external/identities.ts'
import { isoTime, newId } from '../../server/sdk/index.ts'
import type { Site } from '../../server/sites/site.ts'
import { type TestAccount, type TestApp, testApp } from './app.ts'
import { Authenticator } from './authenticator.ts'

/** Two labels on one appliance, `main` with something of everything and `other` with next to nothing. */
export interface TwoSites {
  app: TestApp
  other: Site
  owner: TestAccount
  /** Owner of the other site. */
  stranger: TestAccount
  /** What main has; a word in it that must never be seen at the other site. */
  own: Belongings
}
export interface Belongings {
  canary: string
  password: string
  tokens: { accessToken: string; refreshToken: string }
  memberId: string
  sessionId: string
  slug: string
  roomSlug: string
  streamKey: string
  keyId: string
  streamId: string
  messageId: string
  eventId: string
  guestId: string
  simulcastId: string
  clipId: string
  tipId: string
  paymentId: string
  jobId: string
  roleName: string
  invitationId: string
  addressRuleId: string
  identityId: string
  passkeyId: string
  appPasswordId: string
  releaseSlug: string
  trackId: string
  versionId: string
  playId: string
  playlistId: string
  folderId: string
  uploadId: string
  assetId: string
  mediaUrl: string
  playbackUrl: string
  /** Of sound whose files are not there. */
  audioUrl: string
}

export async function twoSites(kind: 'sqlite' | 'postgres'): Promise<TwoSites> {
  const app = await testApp({ kind, plugins: bundledPlugins, sites: ['other'] })
  const owner = await app.addAccount({ roles: ['owner'], username: 'same-name' })
  const stranger = await app.addAccount({ roles: ['owner'], username: 'same-name', site: 'other' })
  // An address of its own where security.txt would else be missing.
  await app
    .at('other')
    .as(stranger)
    .call(admin.updateSettings, { body: { securityContact: 'mailto:security@other.test' } })
  return { app, other: app.siteNamed('other'), owner, stranger, own: await furnish(app, owner) }
}

async function furnish(app: TestApp, owner: TestAccount): Promise<Belongings> {
  const canary = 'canary-of-main'
  const client = app.as(owner)
  const password = 'a long password of main'
  const { body: registered } = await app.call(identity.register, {
    body: { email: `${canary}@people.test`, username: canary, password },
  })
  const words = { title: canary, description: canary, terms: canary, privacy: canary }
  const securityContact = `mailto:${canary}@people.test`
  await client.call(admin.updateSettings, { body: { ...words, securityContact } })
  await client.call(live.createChannel, { body: { slug: canary, title: canary, description: canary } })
  const { body: key } = await client.call(live.createKey, { params: { slug: canary } })
  const streamId = await recordStream(app.site, key.id, canary)
  const { body: replay } = await client.call(live.getReplay, { params: { id: streamId } })
  await client.call(chat.createRoom, { body: { slug: `${canary}-room`, title: canary } })
  const said = await client.call(chat.postMessage, {
    params: { slug: `${canary}-room` },
    body: { text: canary },
  })
  await client.call(chat.banMember, {
    params: { slug: `${canary}-room` },
    body: { accountId: registered.account.id, reason: canary, minutes: null, removeMessages: false },
  })
  await client.call(artists.createArtist, { body: { slug: canary, name: canary, isListed: true } })
  await client.call(artists.addManager, { params: { slug: canary }, body: { username: canary } })
  await client.call(artists.addManager, { params: { slug: canary }, body: { username: owner.username } })
  await client.call(identity.exportData)
  await client.call(profiles.updateMyProfile, { body: { bio: canary } })
  await client.call(profiles.muteMember, { params: { username: canary } })
  const assetId = await leaveAsset(app.site, owner, canary)
  await app.site.storage.write(`shared/${canary}.txt`, Buffer.from(canary))
  return {
    canary,
    password,
    tokens: registered,
    memberId: registered.account.id,
    sessionId: owner.sessionId,
    slug: canary,
    roomSlug: `${canary}-room`,
    streamKey: key.key,
    keyId: key.id,
    streamId,
    messageId: said.body.id,
    ...(await leaveParts(app, owner, { slug: canary, streamId, word: canary })),
    ...(await addTip(app, owner, canary)),
    jobId: await failedJob(app.site, canary),
    ...(await addMusic(app, owner, canary)),
    ...(await addList(app, owner, canary)),
    uploadId: await leaveUpload(app, owner, canary),
    assetId,
    audioUrl: await audioUrlOf(app, assetId),
    ...(await addFactors(app, owner, canary)),
    ...(await addDoors(app, owner, canary)),
    mediaUrl: pathOf(app.site.storage.url(`shared/${canary}.txt`, 600)),
    playbackUrl: pathOf(replay.playback?.hls ?? ''),
  }
}

/** A goal and a tip that waits to be paid. */
async function addTip(app: TestApp, owner: TestAccount, slug: string) {
  await openSandbox(app)
  const goal = { title: slug, amountMinor: 90_000, until: null }
  await app.as(owner).call(setGoal, { params: { slug }, body: goal })
  return leaveTip(app, owner, { slug, message: slug, isPaid: false })
}

async function addMusic(app: TestApp, owner: TestAccount, title: string) {
  const tracks = [{ title, artists: [title], album: title, genres: [title] }]
  const { slug: releaseSlug, trackIds } = await addRelease(app, owner, { tracks })
  const [trackId = ''] = trackIds
  const [version] = await app.site.database.db('catalog_versions').where({ trackId })
  const [play] = await insertPlays(app.site.database.db, [
    { startId: newId(), accountId: owner.id, trackId, heardMs: 30_000, playedAt: isoTime() },
  ])
  return { releaseSlug, trackId, versionId: version.id as string, playId: play?.id ?? '' }
}

/** A playlist in a folder, that its owner edits with the member of that name. */
async function addList(app: TestApp, owner: TestAccount, title: string) {
  const client = app.as(owner)
  const { id: folderId } = (await client.call(playlists.createFolder, { body: { name: title } })).body
  const tracks: { id: string }[] = await app.site.database.db('catalog_tracks').select('id')
  const words = { title, description: title, visibility: 'public' as const, rules: null }
  const body = { ...words, folderId, trackIds: tracks.map(({ id }) => id) }
  const { id: playlistId } = (await client.call(playlists.createPlaylist, { body })).body
  await client.call(playlists.addEditor, { params: { id: playlistId }, body: { username: title } })
  return { playlistId, folderId }
}

/** A role, an invitation and a rule for an address. */
async function addDoors(app: TestApp, owner: TestAccount, name: string) {
  const client = app.as(owner)
  const roleName = 'role-of-main'
  const role = { name: roleName, title: name, permissions: [], needsSecondFactor: false }
  await client.call(admin.createRole, { body: role })
  const wish = { role: roleName, note: name, maxUses: 1, expiresInDays: null }
  const invitation = await client.call(admin.createInvitation, { body: wish })
  const rule = { network: '203.0.113.77', kind: 'deny' as const, reason: name, minutes: null }
  const address = await client.call(admin.addAddressRule, { body: rule })
  const person = { issuer: 'https://issuer.test', subject: name, email: null }
  const linked = { accountId: owner.id, provider: name, ...person, usedAt: null, now: new Date() }
  await insertIdentity(app.site.database.db, linked)
  const identities = await client.call(identity.listIdentities)
  return {
    roleName,
    invitationId: invitation.body.id,
    addressRuleId: address.body.id,
    identityId: identities.body.items[0]?.id ?? '',
  }
}

async function addFactors(app: TestApp, owner: TestAccount, name: string) {
  const client = app.as(owner)
  const { ticket, options } = (await client.call(identity.passkeyCreation)).body
  const response = new Authenticator().create(options)
  const passkey = await client.call(identity.addPasskey, { body: { ticket, response, name } })
  const secret = await client.call(identity.createAppPassword, { body: { name, scopes: ['api-read'] } })
  return { passkeyId: passkey.body.id, appPasswordId: secret.body.id }
}

/** A stream that ended, with a minute of recording as a crash would leave it. */
async function recordStream(site: Site, keyId: string, title: string): Promise<string> {
  const { db } = site.database
  const channel: { id: string } = await db('live_channels').first()
  const stream = await insertStream(db, { channelId: channel.id, keyId, title })
  await markLive(db, stream.id, { hasVideo: true, hasAudio: false, startedAt: null })
  await db('live_streams')
    .where({ id: stream.id })
    .update({ status: 'ended', durationMs: 60_000, sizeBytes: 1000 })
  await leaveRecording({ storage: site.storage } as never, stream.id, { segments: 30, lastAt: Date.now() })
  await site.storage.write(`${recordingPrefix(stream.id)}/note.txt`, Buffer.from(title))
  return stream.id
}

async function failedJob(site: Site, lastError: string): Promise<string> {
  const now = new Date().toISOString()
  const row = { id: newId(), name: 'live.make-poster', payloadJson: JSON.stringify({ streamId: newId() }) }
  const state = { state: 'failed', priority: 0, runAt: now, attempts: 2, maxAttempts: 2, createdAt: now }
  await site.database.db('jobs').insert({ ...row, ...state, lastError, finishedAt: now })
  return row.id
}

function pathOf(address: string): string {
  const { pathname, search } = new URL(address, 'http://main.test')
  return pathname + search
}

/** Every row of every table of a site, as one text to compare; the audit log is linked by then. */
export async function dumpSite({ audit, database: { db, target } }: Site): Promise<string> {
  await audit.sealed()
  const tables =
    db.dialect === 'sqlite'
      ? await db.raw<{ name: string }[]>("select name from sqlite_master where type = 'table' order by name")
      : await db.raw<{ name: string }[]>(
          'select table_name as name from information_schema.tables where table_schema = ? order by table_name',
          [target.schema ?? 'public'],
        )
  const texts: string[] = []
  for (const { name } of tables) {
    const rows: object[] = await db(name).select('*')
    texts.push(
      `${name}\n${rows
        .map((row) => JSON.stringify(row))
        .sort()
        .join('\n')}`,
    )
  }
  return texts.join('\n\n')
}
