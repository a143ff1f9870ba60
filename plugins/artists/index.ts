import { identity } from '#contract'
import { definePlugin } from '#sdk'
import { type ArtistRow, artistsByIds, findArtist } from './artists.ts'
import { artists } from './contract.ts'
import { managedBy, removeManagerEverywhere } from './managers.ts'
import { artistsByNames, ensureArtists } from './names.ts'
import { registerPages } from './pages.ts'
import { managePermission } from './policy.ts'
import { presentCard } from './present.ts'
import { registerRoutes } from './routes.ts'

export default definePlugin({
  name: 'artists',
  version: '0.1.0',
  title: 'Artists',
  provides: artists,
  permissions: {
    [managePermission]: {
      title: 'Add and remove artists, and change every artist’s page',
      roles: ['owner', 'admin'],
    },
  },
  migrations: new URL('./migrations/', import.meta.url),
  setup(ctx) {
    const { db, storage } = ctx
    const cardsOf = (rows: Map<string, ArtistRow>) =>
      new Map([...rows].map(([name, row]) => [name, presentCard(storage, row)]))
    registerRoutes(ctx)
    registerPages(ctx)
    ctx.events.on(identity.accountDeleted, 'artists.forget-manager', ({ accountId }) =>
      removeManagerEverywhere(db, accountId),
    )
    ctx.accounts.onExport(async (accountId) => {
      const rows = await artistsByIds(db, await managedBy(db, accountId))
      return { data: { managedArtists: rows.map(({ slug, name }) => ({ slug, name })) } }
    })
    return {
      byIds: async (ids) =>
        new Map((await artistsByIds(db, ids)).map((row) => [row.id, presentCard(storage, row)])),
      bySlug: async (slug) => {
        const row = await findArtist(db, slug)
        return row && presentCard(storage, row)
      },
      managedBy: async (accountId) => new Set(await managedBy(db, accountId)),
      byNames: async (names) => cardsOf(await artistsByNames(db, names)),
      ensure: async (tx, names, options) => cardsOf(await ensureArtists(tx, names, options)),
    }
  },
})
