import { Id, notFound, z } from '#contract'
import { defineCommand, problem } from '#sdk'
import { retry } from './asset-routes.ts'
import { findAsset, listAssets } from './assets.ts'
import { type Asset, AssetState } from './contract.ts'
import { openDesk } from './open-desk.ts'
import { presentAsset } from './present.ts'
import type { MediaSettings } from './settings.ts'
import { type Swept, sweep } from './sweep.ts'

type None = Record<string, never>

const list = defineCommand<{ state?: AssetState | undefined }, { items: Asset[] }, MediaSettings, None>({
  name: 'media list',
  summary: 'The newest 100 files that were brought',
  options: [['--state <state>', 'Only those inspecting, processing, ready or failed']],
  input: z.strictObject({ state: AssetState.optional() }),
  run: async ({ state }, { db }) => {
    const { items } = await listAssets(db, { ownerId: null, state, limit: 100 })
    return { items: items.map(presentAsset) }
  },
  text: ({ items }) => (items.length === 0 ? 'There are no such files.' : items.map(lineOf).join('\n')),
})

const lineOf = ({ id, state, fileName, refusal }: Asset) =>
  `${id}  ${state.padEnd(10)}  ${fileName}${refusal ? `  (${refusal.detail ?? refusal.title})` : ''}`

const again = defineCommand<{ id: string }, { id: string; fileName: string }, MediaSettings, None>({
  name: 'media retry',
  summary: 'Process a file that failed once more',
  args: [['id', 'Id of the file']],
  input: z.strictObject({ id: Id }),
  run: async ({ id }, ctx) => {
    const asset = await findAsset(ctx.db, id)
    if (!asset) throw problem(notFound, `No file has the id ${id}.`)
    const { fileName } = await retry(openDesk(ctx), asset, null)
    return { id, fileName }
  },
  text: ({ fileName }) => `“${fileName}” is processed once more by the running server.`,
})

const sweepCommand = defineCommand<None, Swept, MediaSettings, None>({
  name: 'media sweep',
  summary: 'Remove abandoned uploads, unused files and what crashes left',
  input: z.strictObject({}) as unknown as z.ZodType<None>,
  run: (_input, ctx) => sweep(openDesk(ctx)),
  text: ({ uploads, assets, downloads, files, resumed }) =>
    `Removed ${uploads} uploads, ${assets} unused files, ${downloads} downloads and ${files} leftovers; ${resumed} files are processed again.`,
})

export const commands = [list, again, sweepCommand]
