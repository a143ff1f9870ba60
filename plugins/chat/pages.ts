import { type Call, html, ProblemError } from '#sdk'
import { type Chat, getRoom } from './chat.ts'
import { hiddenIn } from './hidden.ts'
import { listMessages } from './messages.ts'
import { assertMayEnter, assertMayRead, readable } from './policy.ts'
import { presentMessages } from './present.ts'
import { generalRoom, listPublicRooms, type Room } from './rooms.ts'

const mostShown = 30
const words = {
  en: {
    title: 'Chat',
    about: 'Rooms to talk about the music.',
    missing: 'There is no such room.',
    members: 'This room is not open to everybody; sign in to read it.',
    rooms: 'Rooms',
    removed: 'Message removed',
  },
  fr: {
    title: 'Discussion',
    about: 'Des salons pour parler de la musique.',
    missing: 'Ce salon n’existe pas.',
    members: 'Ce salon n’est pas ouvert à tous ; connectez-vous pour le lire.',
    rooms: 'Salons',
    removed: 'Message supprimé',
  },
}
const wordsFor = (call: Call) => (call.language === 'fr' ? words.fr : words.en)

/** `/chat` and `/chat/{slug}`, readable without JavaScript. */
export function registerPages(chat: Chat): void {
  const { router, db } = chat.ctx
  router.landing((call) => html`<p><a href="/chat">${wordsFor(call).title}</a></p>`)

  router.page('/chat', async (_params, call) => {
    const text = wordsFor(call)
    await getRoom(chat, generalRoom.slug)
    const rooms = (await listPublicRooms(db)).map(
      (room) => html`<li><a href="/chat/${room.slug}">${room.title}</a></li>`,
    )
    const body = html`<h1>${text.title}</h1><p>${text.about}</p><h2>${text.rooms}</h2><ul>${rooms}</ul>`
    return { title: text.title, description: text.about, body }
  })

  router.page('/chat/{slug}', async ({ slug }, call) => {
    const text = wordsFor(call)
    const room = await getRoom(chat, slug).catch(nullWhereRefused)
    if (!room) return { title: text.missing, body: html`<h1>${text.missing}</h1>`, status: 404 }
    return { title: room.title, body: await roomBody(chat, room, call) }
  })
}

async function roomBody(chat: Chat, room: Room, call: Call) {
  const text = wordsFor(call)
  try {
    assertMayRead(chat, call.account)
    await assertMayEnter(chat, call.account, room)
  } catch {
    return html`<h1>${room.title}</h1><p>${text.members}</p>`
  }
  const page = await listMessages(chat.ctx.db, room.id, { limit: mostShown })
  const hidden = await hiddenIn(chat, call.account, room)
  const open = await readable(chat, call.account, { room, rows: page.items })
  const seen = open.filter(({ authorId }) => !hidden.has(authorId))
  const lines = (await presentMessages(chat, room, seen)).map(
    (message) => html`<li><b>${message.author?.displayName ?? ''}</b> ${message.text ?? text.removed}</li>`,
  )
  return html`<h1>${room.title}</h1><ul>${lines}</ul>`
}

function nullWhereRefused(error: unknown): null {
  if (error instanceof ProblemError) return null
  throw error
}
