import { notSignedIn } from '#contract'
import type { RightsChange } from '#plugins/live'
import { isoTime, newId, problem } from '#sdk'
import { type Chat, findBan, getRoom } from './chat.ts'
import { banned, roomChannel } from './contract.ts'
import { createHere, forgottenMs } from './here.ts'
import { removeStaleHere } from './here-store.ts'
import { assertMayEnter, assertMayRead } from './policy.ts'
import { say } from './say.ts'

/** The live side of rooms: who may listen, saying by socket, how many are here. */
export function registerRoomChannel(chat: Chat): void {
  const { realtime, db, log, onStart, onStop } = chat.ctx
  const roomIdOf = async (slug: string) => (await getRoom(chat, slug)).id
  const here = createHere({ db, log, processId: newId(), roomIdOf }, (slug, people) =>
    realtime.publish(roomChannel, { slug }, 'here', { people }),
  )
  onStart('web', () => removeStaleHere(db, isoTime(new Date(Date.now() - forgottenMs))))
  onStop(() => here.close())

  realtime.channel(roomChannel, {
    async canJoin({ account }, { slug }) {
      assertMayRead(chat, account)
      const room = await getRoom(chat, slug)
      await assertMayEnter(chat, account, room)
      const ban = account && (await findBan(chat, room.id, account.id))
      if (ban) throw problem(banned, ban.reason || undefined)
      return true
    },
    joined: (member, { slug }) => here.joined(slug, member),
    left: (member, { slug }) => here.left(slug, member),
    on: {
      say({ account }, { slug }, data) {
        if (!account) throw problem(notSignedIn)
        return say(chat, account, slug, data)
      },
    },
  })
}

/** Who may no longer watch a channel no longer hears what is said there. */
export function askWhoIsIn({ ctx }: Chat, change: RightsChange): void {
  ctx.realtime.askAgain(roomChannel, 'slug' in change ? { params: { slug: change.slug } } : change)
}
