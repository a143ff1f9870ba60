import { invalidInput, notFound } from '#contract'
import { newId, type PictureCrop, problem } from '#sdk'
import type { Chat } from './chat.ts'
import {
  type Emote,
  EmoteName,
  listEmotes,
  mostEmotes,
  removeEmote,
  setEmote,
  tooManyEmotes,
} from './contract.ts'
import {
  listEmotes as allEmotes,
  countEmotes,
  type EmoteRow,
  findEmote,
  putEmote,
  removeEmote as removeRow,
} from './emotes.ts'
import { moderatePermission } from './policy.ts'

/** Sharp at twice the height of a line of text, on fine screens too. */
const sidePx = 96

/** The label's emotes: everybody sees them, who moderates everywhere makes them. */
export function registerEmoteRoutes(chat: Chat): void {
  const { router, db, storage, audit } = chat.ctx

  router.handle(listEmotes, async (_input, call) => ({
    items: (await allEmotes(db)).map((row) => present(chat, row)),
    can: { manage: call.account?.permissions.has(moderatePermission) ?? false },
  }))

  router.handle(setEmote, async ({ params, query, body }, call) => {
    const name = nameOf(params.name)
    const { row, before } = await withPicture(chat, body as Buffer, query, (pictureKey) =>
      db.tx(async (db) => {
        const before = await findEmote(db, name)
        if (!before && (await countEmotes(db)) >= mostEmotes) throw problem(tooManyEmotes)
        const row = await putEmote(db, { name, pictureKey })
        await audit.record(db, { action: 'chat.emote-set', actor: call.me, subject: name })
        return { row, before }
      }),
    )
    if (before) await storage.remove(before.pictureKey)
    return present(chat, row)
  })

  router.handle(removeEmote, async ({ params }, call) => {
    const gone = await db.tx(async (db) => {
      const row = await findEmote(db, params.name)
      if (!row || !(await removeRow(db, row.name))) throw problem(notFound)
      await audit.record(db, { action: 'chat.emote-removed', actor: call.me, subject: row.name })
      return row
    })
    await storage.remove(gone.pictureKey)
  })
}

function nameOf(given: string): string {
  const { success, data, error } = EmoteName.safeParse(given)
  if (success) return data
  const message = error.issues[0]?.message ?? ''
  throw problem(invalidInput, message, { errors: [{ pointer: '/name', message }] })
}

/** Writes the picture under a new key each time, so that an address once given always shows the same one. */
async function withPicture<Kept>(
  { ctx: { pictures, storage } }: Chat,
  picture: Buffer,
  crop: Partial<PictureCrop>,
  keep: (key: string) => Promise<Kept>,
): Promise<Kept> {
  const { x, y, width, height } = crop
  const isCut = x !== undefined && y !== undefined && width !== undefined && height !== undefined
  const sizes = [{ name: 'emote', width: sidePx, height: sidePx }]
  const [made] = await pictures.make(picture, { crop: isCut ? { x, y, width, height } : undefined, sizes })
  const key = `chat-emotes/${newId()}.webp`
  try {
    await storage.write(key, made!.bytes)
    return await keep(key)
  } catch (error) {
    await storage.remove(key)
    throw error
  }
}

const present = ({ ctx: { storage } }: Chat, { id, name, pictureKey }: EmoteRow): Emote => ({
  id,
  name,
  url: storage.dayUrl(pictureKey),
})
