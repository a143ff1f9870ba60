import { newId } from '#sdk'
import type { TestAccount, TestApp } from '../../../test/kit/app.ts'
import { type AssetRow, insertAsset } from '../../media/assets.ts'
import type { FileTags } from '../../media/contract.ts'
import { noTags } from '../../media/present.ts'
import * as contract from '../contract.ts'

/** A file as it lies there after its processing, without the sound. */
export async function addAsset(
  app: Pick<TestApp, 'site'>,
  owner: { id: string },
  tags: Partial<FileTags> = {},
  more: Partial<AssetRow> = {},
): Promise<string> {
  const id = newId()
  const { db } = app.site.database
  await insertAsset(db, {
    id,
    ownerId: owner.id,
    fileName: `${tags.title ?? 'sound'}.flac`,
    sizeBytes: 1000,
    kind: 'flac',
    originalKey: `media/${id}/original.flac`,
    state: 'ready',
    format: 'FLAC',
    isLossless: true,
    durationMs: 180_000,
    loudnessLufs: -10,
    loudnessRangeLu: 5,
    truePeakDbtp: -1,
    momentaryJson: [[-100, 1000]],
    shortTermJson: [[-100, 1000]],
    playableJson: {
      hasLossless: true,
      progressive: [{ codec: 'opus', mime: 'audio/ogg', file: 'a.opus' }],
      waveforms: ['1.dat', '8.dat', '64.dat'],
    },
    tagsJson: { ...noTags, ...tags },
    ...more,
  })
  return id
}

let count = 0

export interface Wish {
  tracks?: Partial<FileTags>[]
  visibility?: contract.Visibility
  /** Left as a draft. */
  isDraft?: boolean
  change?: contract.ReleaseChange
}

/** A release of somebody with its tracks, published unless said. */
export async function addRelease(
  app: TestApp,
  owner: TestAccount,
  wish: Wish = {},
): Promise<{ slug: string; id: string; trackIds: string[]; assetIds: string[]; artist: string }> {
  const artist = `Artist ${++count}`
  const album = `Album ${count}`
  const assetIds: string[] = []
  for (const [at, tags] of (wish.tracks ?? [{}]).entries())
    assetIds.push(
      await addAsset(app, owner, {
        title: `Song ${count}-${at + 1}`,
        artists: [artist],
        album,
        trackNumber: at + 1,
        ...tags,
      }),
    )
  const client = app.as(owner)
  const made = await client.call(contract.createDrafts, { body: { assetIds } })
  const [draft] = made.body.releases ?? []
  if (!draft || made.body.releases.length !== 1) throw new Error(JSON.stringify(made))
  const params = { slug: draft.slug }
  const change = { ...(wish.visibility && { visibility: wish.visibility }), ...wish.change }
  if (Object.keys(change).length > 0) await client.call(contract.updateRelease, { params, body: change })
  if (!wish.isDraft) {
    const published = await client.call(contract.publishRelease, { params, body: { at: null } })
    if (published.status !== 200) throw new Error(JSON.stringify(published.body))
  }
  const { body } = await client.call(contract.listReleaseTracks, { params })
  return { slug: draft.slug, id: draft.id, trackIds: body.items.map(({ id }) => id), assetIds, artist }
}
