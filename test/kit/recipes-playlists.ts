import sharp from 'sharp'
import * as lists from '../../plugins/playlists/contract.ts'
import { person } from './factors.ts'
import { byNewcomer, type Kitchen, type Recipe, recipe } from './recipes.ts'

/** A playlist of somebody new for each call, after what `before` did to it. */
const ofList =
  (
    body?: unknown,
    before: (
      kitchen: Kitchen,
      as: Awaited<ReturnType<typeof person>>,
      id: string,
    ) => Promise<unknown> = async () => {},
  ): Recipe[1] =>
  async (kitchen) => {
    const as = await person(kitchen)
    const wish = { title: 'Evening', visibility: 'unlisted' as const, folderId: null, rules: null }
    const made = await kitchen.app
      .as(as)
      .call(lists.createPlaylist, { body: { ...wish, description: '', trackIds: [] } })
    const params = { id: made.body.id }
    await before(kitchen, as, params.id)
    return { as, params, body }
  }

const invited: Recipe[1] = async (kitchen) => {
  const { as, params = {} } = await ofList()(kitchen)
  const id = params.id ?? ''
  const made = await kitchen.app.as(as as never).call(lists.openInvitation, { params: { id } })
  const invitation = new URLSearchParams(made.body.inviteHref?.split('?')[1]).get('invitation')
  return { as: await person(kitchen), params: { id }, body: { invitation } }
}

const withoutEditor: Recipe[1] = async (kitchen) => {
  const guest = await person(kitchen)
  const served = await ofList(undefined, ({ app }, as, id) =>
    app.as(as).call(lists.addEditor, { params: { id }, body: { username: guest.username } }),
  )(kitchen)
  return { ...served, params: { ...served.params, accountId: guest.id } }
}

const picture = () =>
  sharp({ create: { width: 40, height: 40, channels: 3, background: '#123456' } })
    .png()
    .toBuffer()

/** What playlists record. */
export const playlistRecipes: Recipe[] = [
  recipe(lists.createPlaylist, byNewcomer({ title: 'Evening' })),
  recipe(lists.updatePlaylist, ofList({ title: 'Morning' })),
  recipe(lists.trashPlaylist, ofList()),
  recipe(
    lists.restorePlaylist,
    ofList(undefined, ({ app }, as, id) => app.as(as).call(lists.trashPlaylist, { params: { id } })),
  ),
  recipe(lists.duplicatePlaylist, ofList({})),
  recipe(lists.renewPlaylistKey, ofList()),
  recipe(lists.importPlaylist, async (kitchen) => ({
    as: await person(kitchen),
    headers: { 'content-type': 'application/octet-stream' },
    body: Buffer.from('#EXTM3U\n#EXTINF:1,Ann - Song\nsong.mp3\n'),
  })),
  recipe(lists.addEditor, async (kitchen) => ({
    ...(await ofList()(kitchen)),
    body: { username: (await person(kitchen)).username },
  })),
  recipe(lists.removeEditor, withoutEditor),
  recipe(lists.openInvitation, ofList()),
  recipe(
    lists.closeInvitation,
    ofList(undefined, ({ app }, as, id) => app.as(as).call(lists.openInvitation, { params: { id } })),
  ),
  recipe(lists.acceptInvitation, invited),
  recipe(lists.setPlaylistCover, async (kitchen) => ({
    ...(await ofList()(kitchen)),
    body: await picture(),
  })),
  recipe(
    lists.removePlaylistCover,
    ofList(undefined, async ({ app }, as, id) =>
      app.as(as).callRaw(lists.setPlaylistCover as never, { params: { id }, body: await picture() }),
    ),
  ),
]
