import { notSignedIn } from '#contract'
import { type Member, problem } from '#sdk'
import { liveChannel } from './contract.ts'
import { type Desk, editable } from './desk.ts'
import { editPlaylist } from './editing.ts'
import { findPlaylist } from './playlists.ts'
import { isSecret } from './policy.ts'

/**
 * The live side of a playlist. Whoever was shown the playlist knows its room; a room is given up as soon as fewer
 * people may see it. Who may edit is looked at with every edit.
 */
export function registerLiveChannel(desk: Desk): void {
  const { realtime, db, accounts } = desk.ctx
  const accountOf = ({ account }: Member) => {
    if (!account) throw problem(notSignedIn)
    return account
  }
  realtime.channel(liveChannel, {
    async canJoin(_member, { id, room }) {
      const row = await findPlaylist(db, id)
      return row !== null && row.trashedAt === null && isSecret(room, row.room)
    },
    left({ connectionId, account }, params) {
      if (account) realtime.publish(liveChannel, params, 'left', { connectionId })
    },
    on: {
      async edit(member, { id }, { update }) {
        const bytes = new Uint8Array(Buffer.from(update, 'base64'))
        const { version } = await editPlaylist(desk, id, accountOf(member), bytes)
        return { version }
      },
      async here(member, params, { asks }) {
        const account = accountOf(member)
        await editable(desk, account, params.id)
        const person = (await accounts.byIds([account.id])).get(account.id)
        const { connectionId } = member
        if (person) realtime.publish(liveChannel, params, 'here', { connectionId, person, asks })
      },
    },
  })
}
