import * as artists from '../../plugins/artists/contract.ts'
import * as chat from '../../plugins/chat/contract.ts'
import * as live from '../../plugins/live/contract.ts'
import { insertStream, markLive } from '../../plugins/live/streams.ts'
import * as media from '../../plugins/media/contract.ts'
import { leaveAsset, leaveUpload, smallWav } from '../../plugins/media/testdata/leave.ts'
import * as profiles from '../../plugins/profiles/contract.ts'
import { person } from './factors.ts'
import { byPicture, picture } from './recipe-pictures.ts'
import { byNewcomer, byOwner, fresh, type Kitchen, type Recipe, recipe, type Served } from './recipes.ts'
import { catalogRecipes } from './recipes-catalog.ts'
import { playlistRecipes } from './recipes-playlists.ts'

/** A newcomer, about another one. */
const towards =
  (before: (kitchen: Kitchen, served: Served) => Promise<unknown> = async () => {}): Recipe[1] =>
  async (kitchen) => {
    const served = { as: await person(kitchen), params: { username: (await person(kitchen)).username } }
    await before(kitchen, served)
    return served
  }

const profileRecipes: Recipe[] = [
  recipe(profiles.updateMyProfile, byNewcomer({ bio: 'Plays.' })),
  recipe(
    profiles.putAvatar,
    byPicture(async (kitchen) => ({ as: await person(kitchen) })),
  ),
  recipe(
    profiles.putBanner,
    byPicture(async (kitchen) => ({ as: await person(kitchen) })),
  ),
  ...(
    [
      [profiles.putAvatar, profiles.removeAvatar],
      [profiles.putBanner, profiles.removeBanner],
    ] as const
  ).map(([put, remove]) =>
    recipe(remove, async (kitchen) => {
      const as = await person(kitchen)
      await kitchen.app.as(as).callRaw(put as never, { body: await picture() })
      return { as }
    }),
  ),
  recipe(profiles.blockMember, towards()),
  recipe(profiles.muteMember, towards()),
  ...(
    [
      [profiles.blockMember, profiles.unblockMember],
      [profiles.muteMember, profiles.unmuteMember],
    ] as const
  ).map(([begin, end]) =>
    recipe(
      end,
      towards(({ app }, { as, params }) =>
        app.as(as as never).callRaw(begin as never, { params: params ?? {} }),
      ),
    ),
  ),
  recipe(profiles.setVerified, async (kitchen) => ({
    as: kitchen.owner,
    params: { username: (await person(kitchen)).username },
    body: { isVerified: true },
  })),
]

/** An artist of its own for each call. */
const ofArtist =
  (route?: unknown, body?: unknown): Recipe[1] =>
  async ({ app, owner }) => {
    const slug = fresh('artist')
    await app.as(owner).call(artists.createArtist, { body: { name: slug, slug, isListed: true } })
    const params = { slug }
    if (route) await app.as(owner).callRaw(route as never, { params, body: await picture() })
    return { as: owner, params, body }
  }

const rosterRecipes: Recipe[] = [
  recipe(artists.createArtist, ({ owner }) => ({ as: owner, body: { name: 'Ann', slug: fresh('ann') } })),
  recipe(artists.updateArtist, ofArtist(undefined, { bio: 'Sings.' })),
  recipe(artists.removeArtist, ofArtist()),
  recipe(
    artists.setPicture,
    byPicture(async (kitchen) => ofArtist()(kitchen)),
  ),
  recipe(
    artists.setBanner,
    byPicture(async (kitchen) => ofArtist()(kitchen)),
  ),
  recipe(artists.removePicture, ofArtist(artists.setPicture)),
  recipe(artists.removeBanner, ofArtist(artists.setBanner)),
  recipe(artists.addManager, async (kitchen) => ({
    ...(await ofArtist()(kitchen)),
    body: { username: (await person(kitchen)).username },
  })),
  recipe(artists.removeManager, async (kitchen) => {
    const { as, params } = await ofArtist()(kitchen)
    const { id, username } = await person(kitchen)
    const slug = params?.slug ?? ''
    await kitchen.app.as(kitchen.owner).call(artists.addManager, { params: { slug }, body: { username } })
    return { ...(as ? { as } : {}), params: { slug, accountId: id } }
  }),
]

async function channel({ app, owner }: Kitchen): Promise<string> {
  const slug = fresh('channel')
  await app.as(owner).call(live.createChannel, { body: { slug, title: slug, description: '' } })
  return slug
}

/** A stream of a channel of its own, on air or over. */
async function stream(kitchen: Kitchen, isOver: boolean): Promise<{ slug: string; id: string }> {
  const { app, owner } = kitchen
  const { db } = app.site.database
  const slug = await channel(kitchen)
  const key = (await app.as(owner).call(live.createKey, { params: { slug } })).body
  const { id: channelId } = await db('live_channels').where({ slug }).first()
  const { id } = await insertStream(db, { channelId, keyId: key.id, title: slug })
  await markLive(db, id, { hasVideo: true, hasAudio: false, startedAt: null })
  if (isOver)
    await db('live_streams').where({ id }).update({ status: 'ended', durationMs: 60_000, sizeBytes: 9 })
  return { slug, id }
}

const stageRecipes: Recipe[] = [
  recipe(live.createChannel, ({ owner }) => ({
    as: owner,
    body: { slug: fresh('channel'), title: 'Stage' },
  })),
  recipe(live.updateChannel, async (kitchen) => ({
    as: kitchen.owner,
    params: { slug: await channel(kitchen) },
    body: { title: 'Another stage' },
  })),
  recipe(live.createKey, async (kitchen) => ({
    as: kitchen.owner,
    params: { slug: await channel(kitchen) },
  })),
  recipe(live.revokeKey, async (kitchen) => {
    const { app, owner } = kitchen
    const { body } = await app.as(owner).call(live.createKey, { params: { slug: await channel(kitchen) } })
    return { as: owner, params: { id: body.id } }
  }),
  recipe(live.endStream, async (kitchen) => ({
    as: kitchen.owner,
    params: { slug: (await stream(kitchen, false)).slug },
  })),
  recipe(live.updateReplay, async (kitchen) => ({
    as: kitchen.owner,
    params: { id: (await stream(kitchen, true)).id },
    body: { title: 'Another evening' },
  })),
  recipe(live.removeReplay, async (kitchen) => ({
    as: kitchen.owner,
    params: { id: (await stream(kitchen, true)).id },
  })),
]

const place = { slug: 'general' }
const roomRecipes: Recipe[] = [
  recipe(chat.createRoom, ({ owner }) => ({ as: owner, body: { slug: fresh('room'), title: 'Room' } })),
  recipe(chat.setSlowMode, byOwner({ slowModeS: 5 }, place)),
  recipe(chat.removeMessage, async (kitchen) => {
    const { app, owner } = kitchen
    await app.as(owner).call(chat.setSlowMode, { params: place, body: { slowModeS: 0 } })
    const said = { params: place, body: { text: fresh('said') } }
    const { body } = await app.as(await person(kitchen)).call(chat.postMessage, said)
    return { as: owner, params: { id: body.id } }
  }),
  recipe(chat.banMember, async (kitchen) => ({
    as: kitchen.owner,
    params: place,
    body: { accountId: (await person(kitchen)).id, reason: 'Test', minutes: 5, removeMessages: false },
  })),
  recipe(chat.liftBan, async (kitchen) => {
    const { app, owner } = kitchen
    const { id: accountId } = await person(kitchen)
    const body = { accountId, reason: '', minutes: 5, removeMessages: false }
    await app.as(owner).call(chat.banMember, { params: place, body })
    return { as: owner, params: { ...place, accountId } }
  }),
]

const fileRecipes: Recipe[] = [
  recipe(media.continueUpload, async ({ app, owner }) => ({
    as: owner,
    params: { id: await leaveUpload(app, owner, fresh('file')) },
    headers: {
      'tus-resumable': '1.0.0',
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
    },
    body: smallWav,
  })),
  ...[media.retryAsset, media.removeAsset].map((route) =>
    recipe(route, async ({ app, owner }) => ({
      as: owner,
      params: { id: await leaveAsset(app.site, owner, fresh('file')) },
    })),
  ),
]

/** Of the bundled plugins. */
export const pluginRecipes: Recipe[] = [
  ...fileRecipes,
  ...catalogRecipes,
  ...playlistRecipes,
  ...profileRecipes,
  ...rosterRecipes,
  ...stageRecipes,
  ...roomRecipes,
]
