import * as catalog from '../../plugins/catalog/contract.ts'
import { addAsset, addRelease, type Wish } from '../../plugins/catalog/testdata/kit.ts'
import { byPicture, picture } from './recipe-pictures.ts'
import { byOwner, fresh, type Kitchen, type Recipe, recipe, type Served } from './recipes.ts'

/** A release of its own for each call, with one track. */
const ofRelease =
  (body?: unknown, wish: Wish = {}, before?: unknown): Recipe[1] =>
  async ({ app, owner }) => {
    const { slug } = await addRelease(app, owner, wish)
    const params = { slug }
    if (before) await app.as(owner).callRaw(before as never, { params, body: await picture() })
    return { as: owner, params, body }
  }

/** The track of such a release. */
const ofTrack =
  (
    more: (kitchen: Kitchen, trackId: string) => Promise<Pick<Served, 'params' | 'body'>> = async () => ({}),
  ): Recipe[1] =>
  async (kitchen) => {
    const { trackIds } = await addRelease(kitchen.app, kitchen.owner)
    const [id = ''] = trackIds
    const { params, body } = await more(kitchen, id)
    return { as: kitchen.owner, params: { id, ...params }, body }
  }

const sound = async ({ app, owner }: Kitchen) => addAsset(app, owner, { title: fresh('song') })
const thrownAway: Recipe[1] = ofTrack(async ({ app, owner }, id) => {
  await app.as(owner).call(catalog.trashTrack, { params: { id } })
  return {}
})

/** Of the catalogue. */
export const catalogRecipes: Recipe[] = [
  recipe(catalog.createDrafts, async (kitchen) => ({
    as: kitchen.owner,
    body: { assetIds: [await sound(kitchen)] },
  })),
  recipe(catalog.createRelease, byOwner({ title: 'Begun' })),
  recipe(catalog.updateRelease, ofRelease({ genre: 'Dub' })),
  recipe(catalog.publishRelease, ofRelease({ at: null }, { isDraft: true })),
  recipe(catalog.unpublishRelease, ofRelease()),
  recipe(catalog.trashRelease, ofRelease()),
  recipe(catalog.renewReleaseKey, ofRelease()),
  recipe(
    catalog.setCover,
    byPicture(async (kitchen) => ofRelease()(kitchen)),
  ),
  recipe(catalog.removeCover, ofRelease(undefined, {}, catalog.setCover)),
  recipe(catalog.addTracks, async (kitchen) => ({
    ...(await ofRelease()(kitchen)),
    body: { assetIds: [await sound(kitchen)] },
  })),
  recipe(catalog.orderTracks, async ({ app, owner }) => {
    const { slug, trackIds } = await addRelease(app, owner)
    const items = trackIds.map((id) => ({ id, discNumber: 2 }))
    return { as: owner, params: { slug }, body: { items } }
  }),
  recipe(
    catalog.updateTrack,
    ofTrack(async () => ({ body: { genre: 'Dub' } })),
  ),
  recipe(catalog.updateTracks, async ({ app, owner }) => {
    const { trackIds } = await addRelease(app, owner)
    return { as: owner, body: { ids: trackIds, change: { genre: 'Dub' } } }
  }),
  recipe(catalog.trashTrack, ofTrack()),
  recipe(
    catalog.replaceAudio,
    ofTrack(async (kitchen) => ({ body: { assetId: await sound(kitchen) } })),
  ),
  recipe(
    catalog.restoreVersion,
    ofTrack(async ({ app }, trackId) => {
      const [version] = await app.site.database.db('catalog_versions').where({ trackId })
      return { params: { versionId: version.id } }
    }),
  ),
  recipe(catalog.restoreTrash, thrownAway),
  recipe(catalog.removeTrash, thrownAway),
]
