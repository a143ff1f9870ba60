import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CommandDesk } from '#sdk'
import { type TestApp, type TestAppOptions, testApp } from '../../../../test/kit/app.ts'
import artists from '../../../artists/index.ts'
import media from '../../../media/index.ts'
import type { CatalogApi } from '../../contract.ts'
import catalog from '../../index.ts'
import type { ReleaseRow } from '../../releases.ts'
import type { Ctx } from '../../settings.ts'
import type { TrackRow } from '../../tracks.ts'
import { importFolder } from '../import.ts'
import type { ImportResult } from '../report.ts'
import type { ImportWish } from '../run.ts'

/** The catalogue in a real kernel, and a folder to import from. */
export interface ImportApp {
  app: TestApp
  ctx: Ctx
  api: CatalogApi
  folder: string
  /** Imports the folder as the command does. */
  run(wish?: Partial<ImportWish>): Promise<ImportResult>
  releases(): Promise<ReleaseRow[]>
  tracks(): Promise<TrackRow[]>
  close(): Promise<void>
}

export async function importApp(options: TestAppOptions = {}): Promise<ImportApp> {
  const caught: { ctx?: Ctx; api?: CatalogApi } = {}
  const spied = {
    ...catalog,
    setup: (ctx: Parameters<typeof catalog.setup>[0]) => {
      caught.ctx = ctx as unknown as Ctx
      caught.api = catalog.setup(ctx) as CatalogApi
      return caught.api
    },
  }
  const app = await testApp({ ...options, plugins: [media, artists, spied] })
  const { ctx, api } = caught
  if (!ctx || !api) throw new Error('The plugin was not set up.')
  const folder = await mkdtemp(join(tmpdir(), 'veza-import-'))
  const desk: CommandDesk = {
    progress: () => {},
    signal: new AbortController().signal,
    doJobsUntil: async (isDone) => {
      do await app.jobs.drain()
      while (!(await isDone()))
    },
    isDone: async ({ name }) =>
      (await app.jobs.list({ name, limit: 100 })).items.every(({ state }) => state !== 'waiting'),
  }
  return {
    app,
    ctx,
    api,
    folder,
    run: (wish = {}) =>
      importFolder(ctx, desk, { dir: folder, isDry: false, waits: false, visibility: 'public', ...wish }),
    releases: () => ctx.db<ReleaseRow>('catalog_releases').orderBy('slug'),
    tracks: () => ctx.db<TrackRow>('catalog_tracks').orderBy('title'),
    close: async () => {
      await app.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
