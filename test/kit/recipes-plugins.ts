import * as artists from '../../plugins/artists/contract.ts'
import * as media from '../../plugins/media/contract.ts'
import { leaveAsset, leaveUpload, smallWav } from '../../plugins/media/testdata/leave.ts'
import * as profiles from '../../plugins/profiles/contract.ts'
import { person } from './factors.ts'
import { byPicture, picture } from './recipe-pictures.ts'
import { byNewcomer, fresh, type Kitchen, type Recipe, recipe, type Served } from './recipes.ts'
import { catalogRecipes } from './recipes-catalog.ts'
import { stageRecipes } from './recipes-live.ts'
import { moneyRecipes } from './recipes-money.ts'
import { playlistRecipes } from './recipes-playlists.ts'
import { roomRecipes } from './recipes-room.ts'

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
  ...moneyRecipes,
]
