import { catalog } from '#plugins/catalog'
import { definePlugin, html } from '#sdk'
import { player } from './contract.ts'
import { PlayCounter } from './counter.ts'
import { handleEmbeds } from './embed-routes.ts'
import { addCatalogEmbeds, Embeds } from './embeds.ts'
import { Listeners } from './heard.ts'
import { handlePersonalData } from './personal-data.ts'
import { handlePlays, handlePositions, handleQueues } from './routes.ts'
import { PlayerSettings } from './settings.ts'

export default definePlugin({
  name: 'player',
  version: '1.0.0',
  title: 'Player',
  provides: player,
  needs: { catalog },
  settings: PlayerSettings,
  migrations: new URL('./migrations/', import.meta.url),
  setup(ctx) {
    const { db, log, needs, router } = ctx
    const counter = new PlayCounter(db, needs.catalog, log)
    const embeds = new Embeds()
    addCatalogEmbeds(embeds, needs.catalog, async (id) => (await needs.catalog.existing(db, [id])).has(id))
    handleQueues(ctx)
    handlePlays(ctx, counter, new Listeners())
    handlePositions(ctx)
    handleEmbeds(ctx, embeds)
    handlePersonalData(ctx)
    // Somebody's own: only the app can show it.
    router.page('/history', (_params, call) => ({
      title: call.language === 'fr' ? 'Écouté' : 'History',
      isUnlisted: true,
      body: html`<main></main>`,
    }))
    ctx.onStop(() => counter.flush())
    return { addEmbed: (kind, find) => embeds.add(kind, find) }
  },
})
