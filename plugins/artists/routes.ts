import { notAllowed, notFound } from '#contract'
import { problem } from '#sdk'
import * as store from './artists.ts'
import * as contract from './contract.ts'
import { type Ctx, editable, seen } from './desk.ts'
import { insertManager, managedBy, managersOf, removeManager } from './managers.ts'
import { pictureRoutes } from './pictures.ts'
import { canManage } from './policy.ts'
import { presentArtist, presentCard } from './present.ts'

/** The roster, an artist's page, and who looks after it. */
export function registerRoutes(ctx: Ctx): void {
  rosterRoutes(ctx)
  pageRoutes(ctx)
  pictureRoutes(ctx)
  managerRoutes(ctx)
}

function rosterRoutes(ctx: Ctx): void {
  const { router, db, storage } = ctx
  router.handle(contract.listArtists, async ({ query }, call) => {
    const page = await store.listArtists(db, { ...query, withUnlisted: canManage(call.account) })
    return { items: page.items.map((row) => presentCard(storage, row)), next: page.next }
  })
  router.handle(contract.listMine, async ({ query }, call) => {
    const ids = (await managedBy(db, call.me.id)).sort().reverse()
    const wanted = ids.filter((id) => !query.after || id < query.after).slice(0, query.limit + 1)
    const shown = wanted.slice(0, query.limit)
    const rows = await store.artistsByIds(db, shown)
    return {
      items: rows.sort((a, b) => (a.id < b.id ? 1 : -1)).map((row) => presentCard(storage, row)),
      next: wanted.length > query.limit ? (shown.at(-1) ?? null) : null,
    }
  })
  router.handle(contract.createArtist, async ({ body }, call) => {
    const row = await db.tx(async (tx) => {
      const made = await store.insertArtist(tx, body)
      const detail = { slug: made.slug, name: made.name }
      await ctx.audit.record(tx, { action: 'artists.artist-added', actor: call.me, subject: made.id, detail })
      return made
    })
    return presentArtist(storage, row, { edit: true, manage: true })
  })
}

function pageRoutes(ctx: Ctx): void {
  const { router, db, storage } = ctx
  router.handle(contract.getArtist, async ({ params }, call) => {
    const { artist, can } = await seen(ctx, call.account, params.slug)
    return presentArtist(storage, artist, can)
  })
  router.handle(contract.updateArtist, async ({ params, body }, call) => {
    const { artist, can } = await editable(ctx, call.me, params.slug)
    if ((body.slug !== undefined || body.isListed !== undefined) && !can.manage) throw problem(notAllowed)
    const row = await db.tx(async (tx) => {
      const changed = await store.updateArtist(tx, artist.id, body)
      await ctx.events.emit(tx, contract.artistChanged, { artistId: artist.id })
      const detail = { fields: Object.keys(body) }
      await ctx.audit.record(tx, {
        action: 'artists.artist-changed',
        actor: call.me,
        subject: artist.id,
        detail,
      })
      return changed
    })
    return presentArtist(storage, row, can)
  })
  router.handle(contract.removeArtist, async ({ params }, call) => {
    const { artist } = await seen(ctx, call.me, params.slug)
    await db.tx(async (tx) => {
      await store.removeArtist(tx, artist.id)
      await ctx.events.emit(tx, contract.artistRemoved, { artistId: artist.id })
      const detail = { slug: artist.slug, name: artist.name }
      await ctx.audit.record(tx, {
        action: 'artists.artist-removed',
        actor: call.me,
        subject: artist.id,
        detail,
      })
    })
    for (const key of [artist.pictureKey, artist.bannerKey]) if (key) await storage.removeFolder(key)
  })
}

function managerRoutes(ctx: Ctx): void {
  const { router, db } = ctx
  const people = async (artistId: string) => {
    const ids = await managersOf(db, artistId)
    const found = await ctx.accounts.byIds(ids)
    return { items: ids.flatMap((id) => found.get(id) ?? []) }
  }
  router.handle(contract.listManagers, async ({ params }, call) => {
    const { artist } = await editable(ctx, call.me, params.slug)
    return people(artist.id)
  })
  router.handle(contract.addManager, async ({ params, body }, call) => {
    const { artist } = await editable(ctx, call.me, params.slug)
    const person = await ctx.accounts.byUsername(body.username.toLowerCase().replace(/^@/, ''))
    if (!person)
      throw problem(contract.unknownPerson, undefined, {
        errors: [{ pointer: '/username', message: contract.unknownPerson.title }],
      })
    await db.tx(async (tx) => {
      await insertManager(tx, artist.id, person.id)
      const detail = { username: person.username }
      await ctx.audit.record(tx, {
        action: 'artists.manager-added',
        actor: call.me,
        subject: artist.id,
        detail,
      })
    })
    return people(artist.id)
  })
  router.handle(contract.removeManager, async ({ params }, call) => {
    const { artist } = await editable(ctx, call.me, params.slug)
    await db.tx(async (tx) => {
      if (!(await removeManager(tx, artist.id, params.accountId))) throw problem(notFound)
      const action = 'artists.manager-removed'
      await ctx.audit.record(tx, { action, actor: call.me, subject: artist.id })
    })
    return people(artist.id)
  })
}
