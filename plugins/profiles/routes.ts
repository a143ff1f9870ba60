import { notFound } from '#contract'
import { type Account, type PictureCrop, problem, renderMarkdown } from '#sdk'
import {
  getMyProfile,
  getProfile,
  type MyProfile,
  previewBio,
  putAvatar,
  putBanner,
  removeAvatar,
  removeBanner,
  setVerified,
  updateMyProfile,
} from './contract.ts'
import { type Desk, getPerson } from './desk.ts'
import { setPicture, storePicture } from './pictures.ts'
import { presentMine, presentProfile } from './present.ts'
import { findProfile, type ProfileChange, updateProfile } from './profiles.ts'
import { lineOf, linksOf, textOf, wordsOf } from './text.ts'

/** Looking at profiles, and changing one's own. */
export function handleProfiles(desk: Desk): void {
  const { router, db, audit } = desk.ctx

  router.handle(getProfile, async ({ params }, call) =>
    presentProfile(desk, await getPerson(desk, params.username), call.account),
  )

  router.handle(getMyProfile, (_input, call) => mine(desk, call.me))

  router.handle(updateMyProfile, async ({ body }, call) => {
    const change = changeOf(body)
    const { me } = call
    if (Object.keys(change).length > 0)
      await db.tx(async (db) => {
        await updateProfile(db, me.id, change)
        const detail = { fields: Object.keys(body) }
        await audit.record(db, { action: 'profiles.profile-changed', actor: me, subject: me.id, detail })
      })
    return mine(desk, me)
  })

  router.handle(previewBio, ({ body }) => ({ html: renderMarkdown(textOf(body.text)).html }))

  router.handle(setVerified, async ({ params, body: { isVerified } }, call) => {
    const person = await getPerson(desk, params.username)
    await db.tx(async (db) => {
      await updateProfile(db, person.id, { isVerified })
      const action = isVerified ? 'profiles.verified' : 'profiles.verified-taken'
      await audit.record(db, { action, actor: call.me, subject: person.id })
    })
    return presentProfile(desk, person, call.me)
  })
}

/** One's pictures, sent as they are. */
export function handlePictures(desk: Desk): void {
  const { router } = desk.ctx
  for (const [kind, put, remove] of [
    ['avatar', putAvatar, removeAvatar],
    ['banner', putBanner, removeBanner],
  ] as const) {
    router.handle(put, async ({ query, body }, call) => {
      await storePicture(desk, call.me, kind, { bytes: body as Buffer, crop: cropOf(query) })
      return mine(desk, call.me)
    })
    router.handle(remove, async (_input, call) => {
      await setPicture(desk, call.me, kind, null)
      return mine(desk, call.me)
    })
  }
}

type Query = { [Side in keyof PictureCrop]?: number | undefined }

const cropOf = (query: Query): PictureCrop | undefined =>
  query.width === undefined ? undefined : (query as PictureCrop)

async function mine({ ctx }: Desk, me: Account): Promise<MyProfile> {
  const person = (await ctx.accounts.byIds([me.id])).get(me.id)
  if (!person) throw problem(notFound)
  return presentMine(ctx.storage, person, await findProfile(ctx.db, me.id))
}

type Given = NonNullable<typeof updateMyProfile.body>['_output']

/** What was given, made clean; the rest is left out. */
function changeOf(given: Given): ProfileChange {
  const { bio, place, genres, instruments, roles, links, visibility, hidden } = given
  return {
    ...(bio !== undefined && { bio: textOf(bio) }),
    ...(place !== undefined && { place: lineOf(place) }),
    ...(genres && { genresJson: wordsOf(genres) }),
    ...(instruments && { instrumentsJson: wordsOf(instruments) }),
    ...(roles && { rolesJson: wordsOf(roles) }),
    ...(links && { linksJson: linksOf(links) }),
    ...(visibility && { visibility }),
    ...(hidden && { hiddenJson: [...new Set(hidden)] }),
  }
}
