import { artists } from '#plugins/artists'
import { media } from '#plugins/media'
import { definePlugin } from '#sdk'
import { createApi } from './api.ts'
import { commands } from './commands.ts'
import { catalog, tendCatalog } from './contract.ts'
import { coverRoutes } from './covers.ts'
import { handleFailedImports } from './import/failed.ts'
import { listRoutes } from './list-routes.ts'
import { handleMeasuring } from './measuring.ts'
import { renderPages } from './pages.ts'
import { handlePersonalData } from './personal-data.ts'
import { managePermission, publishPermission } from './policy.ts'
import { publishDue, publishRoutes } from './publishing.ts'
import { releaseRoutes } from './release-routes.ts'
import { CatalogSettings } from './settings.ts'
import { trackRoutes } from './track-routes.ts'
import { emptyTrash, trashRoutes } from './trash.ts'

export default definePlugin({
  name: 'catalog',
  version: '0.1.0',
  title: 'Releases',
  provides: catalog,
  needs: { artists, media },
  settings: CatalogSettings,
  permissions: {
    [publishPermission]: {
      title: 'Make releases and publish one’s own',
      roles: ['owner', 'admin', 'artist'],
    },
    [managePermission]: { title: 'See and change every release', roles: ['owner', 'admin'] },
  },
  migrations: new URL('./migrations/', import.meta.url),
  commands,
  setup(ctx) {
    releaseRoutes(ctx)
    publishRoutes(ctx)
    trackRoutes(ctx)
    listRoutes(ctx)
    trashRoutes(ctx)
    coverRoutes(ctx)
    handleMeasuring(ctx)
    handleFailedImports(ctx)
    handlePersonalData(ctx)
    renderPages(ctx)
    ctx.jobs.handle(tendCatalog, async () => {
      await publishDue(ctx)
      await emptyTrash(ctx)
    })
    ctx.jobs.every(tendCatalog, '* * * * *')
    return createApi(ctx)
  },
})
