import { notAllowed, notFound } from '#contract'
import { type Call, type Db, problem } from '#sdk'
import * as contract from './contract.ts'
import { type Desk, editable, managed, seen } from './desk.ts'
import * as editors from './editors.ts'
import * as follows from './follows.ts'
import { findPlaylist, lockPlaylist, newSecret, type PlaylistRow, updatePlaylist } from './playlists.ts'
import { isSecret } from './policy.ts'

/** Who else has to do with a playlist: editors and followers. */
export function registerPeopleRoutes(desk: Desk): void {
  editorRoutes(desk)
  invitationRoutes(desk)
  followRoutes(desk)
}

function editorRoutes(desk: Desk): void {
  const { router, db, accounts, audit } = desk.ctx
  router.handle(contract.listEditors, async ({ params }, call) => {
    const { row } = await editable(desk, call.me, params.id)
    return presentEditors(desk, call, row)
  })
  router.handle(contract.addEditor, async ({ params, body }, call) => {
    const { row } = await managed(desk, call.me, params.id)
    const person = await accounts.byUsername(body.username.toLowerCase().replace(/^@/, ''))
    if (!person) throw atUsername(contract.unknownPerson)
    if (person.id === row.ownerId) throw atUsername(contract.ownPlaylist)
    await db.tx(async (db) => {
      await lockPlaylist(db, row.id)
      await join(desk, db, row.id, { accountId: person.id, byId: call.me.id })
      const detail = { username: person.username }
      await audit.record(db, { action: 'playlists.editor-added', actor: call.me, subject: row.id, detail })
    })
    return presentEditors(desk, call, row)
  })
  router.handle(contract.removeEditor, async ({ params }, call) => {
    const { row, can } = await editable(desk, call.me, params.id)
    if (!can.manage && params.accountId !== call.me.id) throw problem(notAllowed)
    await db.tx(async (db) => {
      if (!(await editors.removeEditor(db, row.id, params.accountId))) throw problem(notFound)
      // Another room: who was let go hears nothing further, unless everybody may.
      await updatePlaylist(db, row.id, { room: newSecret() })
      const detail = { accountId: params.accountId }
      await audit.record(db, { action: 'playlists.editor-removed', actor: call.me, subject: row.id, detail })
    })
    changed(desk, row)
  })
}

function invitationRoutes(desk: Desk): void {
  const { router, db, audit } = desk.ctx
  const setTo = async (call: Call, id: string, invitation: string | null) => {
    const { row } = await managed(desk, call.me, id)
    const action = invitation === null ? 'playlists.invitation-closed' : 'playlists.invitation-opened'
    const now = await db.tx(async (db) => {
      await audit.record(db, { action, actor: call.me, subject: row.id })
      return updatePlaylist(db, row.id, { invitation })
    })
    return presentEditors(desk, call, now)
  }
  router.handle(contract.openInvitation, ({ params }, call) => setTo(call, params.id, newSecret()))
  router.handle(contract.closeInvitation, ({ params }, call) => setTo(call, params.id, null))
  router.handle(contract.acceptInvitation, async ({ params, body }, call) => {
    const { id } = params
    const found = await findPlaylist(db, id)
    if (found?.ownerId === call.me.id) throw problem(contract.ownPlaylist)
    await db.tx(async (db) => {
      const row = await lockPlaylist(db, id)
      if (!row || row.trashedAt !== null || !isSecret(body.invitation, row.invitation))
        throw problem(contract.invitationEnded)
      await join(desk, db, id, { accountId: call.me.id, byId: row.ownerId })
      await audit.record(db, { action: 'playlists.editor-joined', actor: call.me, subject: id })
    })
    if (found) changed(desk, found)
  })
}

/** Throws playlists.too-many-editors. */
async function join(
  { ctx }: Desk,
  db: Db,
  playlistId: string,
  { accountId, byId }: { accountId: string; byId: string },
): Promise<void> {
  if (!(await editors.insertEditor(db, playlistId, accountId))) return
  if ((await editors.listEditors(db, [playlistId])).length > contract.mostEditors)
    throw problem(contract.tooManyEditors)
  await follows.removeFollow(db, playlistId, accountId)
  await ctx.events.emit(db, contract.editorAdded, { playlistId, accountId, byId })
}

async function presentEditors({ ctx }: Desk, call: Call, row: PlaylistRow): Promise<contract.Editors> {
  const rows = await editors.listEditors(ctx.db, [row.id])
  const people = await ctx.accounts.byIds([row.ownerId, ...rows.map(({ accountId }) => accountId)])
  const isOwner = call.account?.id === row.ownerId
  return {
    owner: people.get(row.ownerId) ?? null,
    items: rows.flatMap(({ accountId, createdAt }) => {
      const person = people.get(accountId)
      return person ? [{ person, addedAt: createdAt }] : []
    }),
    inviteHref: isOwner && row.invitation ? `/playlists/${row.id}?invitation=${row.invitation}` : null,
  }
}

function followRoutes(desk: Desk): void {
  const { router, db } = desk.ctx
  router.handle(contract.followPlaylist, async ({ params, query }, call) => {
    const { row, can } = await seen(desk, call.me, params.id, query.key)
    if (can.edit) throw problem(contract.ownPlaylist)
    await follows.insertFollow(db, row.id, call.me.id)
  })
  router.handle(contract.unfollowPlaylist, async ({ params }, call) => {
    if (!(await follows.removeFollow(db, params.id, call.me.id))) throw problem(notFound)
  })
  router.handle(contract.markSeen, async ({ params }, call) => {
    const { row } = await seen(desk, call.me, params.id)
    await follows.markFollowSeen(db, row.id, call.me.id)
  })
}

function changed({ ctx }: Desk, { id, room }: PlaylistRow): void {
  ctx.realtime.publish(contract.liveChannel, { id, room }, 'changed', {})
}

const atUsername = (token: Parameters<typeof problem>[0]) =>
  problem(token, undefined, { errors: [{ pointer: '/username', message: token.title }] })
