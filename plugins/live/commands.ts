import { Id, notFound, Slug, z } from '#contract'
import { defineCommand, problem } from '#sdk'
import { accessCommands } from './access/commands.ts'
import { createChannelCommand, makeChannel } from './channel-commands.ts'
import { channelsByIds, findChannel, getChannelById, getNamedChannel } from './channels.ts'
import { Access, accessIsOther, Camera } from './contract.ts'
import { ingestAddress, presentKey } from './present.ts'
import { revokeStreamKey } from './routes.ts'
import type { LiveContext, LiveSettings } from './settings.ts'
import { insertKey, listKeys, listKeysByHint, type StreamKeyRow } from './stream-keys.ts'

const createKeyCommand = defineCommand<
  {
    channel: string
    title?: string | undefined
    access?: Access | undefined
    camera?: number | undefined
  },
  { channel: string; camera?: number; url: string; key: string },
  LiveSettings,
  Record<string, never>
>({
  name: 'stream-key create',
  summary: 'Make a stream key; the channel too, where there is none',
  options: [
    ['--channel <slug>', 'Channel the key publishes to'],
    ['--title <title>', 'Title of a new channel'],
    ['--access <rule>', `Who may watch a new channel: ${Access.options.join(', ')}`],
    ['--camera <number>', 'Camera of the channel it publishes as, from 1 to 16 (1 is the main one)'],
  ],
  input: z.strictObject({
    channel: Slug,
    title: z.string().trim().min(1).max(120).optional(),
    access: Access.optional(),
    camera: z.coerce.number().pipe(Camera).optional(),
  }),
  run: async ({ channel: slug, title, access, camera }, ctx) => {
    const { key } = await ctx.db.tx(async (db) => {
      const known = await findChannel(db, slug)
      if (known && access !== undefined && known.access !== access) throw problem(accessIsOther)
      const channel = known ?? (await makeChannel(ctx, db, { slug, title: title ?? slug, access }))
      const made = await insertKey(db, channel.id, camera)
      const detail = { hint: made.row.hint, camera: made.row.camera }
      await ctx.audit.record(db, { action: 'live.key-created', actor: null, subject: slug, detail })
      return made
    })
    return { channel: slug, ...(camera && { camera }), url: ingestAddress({ ctx, link: null }).rtmp, key }
  },
  text: ({ channel, camera, url, key }) =>
    `Stream key for ${camera ? `camera ${camera} of ` : ''}the channel "${channel}". It is shown only now.\n  Server      ${url}\n  Stream key  ${key}`,
})

const listKeysCommand = defineCommand<
  { channel?: string | undefined },
  { items: ReturnType<typeof presentKey>[] },
  LiveSettings,
  Record<string, never>
>({
  name: 'stream-key list',
  summary: 'Stream keys, without the keys',
  options: [['--channel <slug>', 'Only those of this channel']],
  input: z.strictObject({ channel: Slug.optional() }),
  run: async ({ channel: slug }, { db }) => {
    const only = slug === undefined ? null : (await getNamedChannel(db, slug)).id
    const keys = await listKeys(db, only)
    const channels = await channelsByIds(
      db,
      keys.map((key) => key.channelId),
    )
    return { items: keys.map((key) => presentKey(key, channels.get(key.channelId)?.slug ?? '')) }
  },
  text: ({ items }) => {
    if (items.length === 0) return 'There are no stream keys yet.'
    const lines = items.map((key) => {
      const state = key.revokedAt ? 'revoked' : key.lastUsedAt ? `used ${key.lastUsedAt}` : 'never used'
      return `${key.id}  ${key.hint}…  ${key.channel.padEnd(20)}  camera ${String(key.camera).padEnd(2)}  ${state}`
    })
    return lines.join('\n')
  },
})

const revokeKeyCommand = defineCommand<
  { key: string },
  { id: string; channel: string; hint: string },
  LiveSettings,
  Record<string, never>
>({
  name: 'stream-key revoke',
  summary: 'Revoke a stream key; a stream using it ends',
  args: [['key', 'Id of the key, or its first 4 characters']],
  input: z.strictObject({
    key: z.union([Id, z.string().regex(/^[0-9a-f]{4}$/)], {
      error: 'Give the id of the key or its first 4 characters, as `veza stream-key list` shows them.',
    }),
  }),
  run: async ({ key: wanted }, ctx) => {
    const key = await findWanted(ctx, wanted)
    const { slug } = await getChannelById(ctx.db, key.channelId)
    // A running server looks each second for streams to end.
    await revokeStreamKey({ ctx, look: () => undefined }, { keyId: key.id, hint: key.hint, slug }, null)
    return { id: key.id, channel: slug, hint: key.hint }
  },
  text: ({ channel, hint }) => `The stream key ${hint}… of the channel "${channel}" is revoked.`,
})

async function findWanted({ db }: LiveContext, wanted: string): Promise<StreamKeyRow> {
  const isHint = wanted.length === 4
  const matches = isHint
    ? await listKeysByHint(db, wanted)
    : (await listKeys(db, null)).filter(({ id }) => id === wanted)
  const [only] = matches
  if (!only) throw problem(notFound, `No stream key begins with or is called "${wanted}".`)
  if (matches.length > 1) throw problem(notFound, `Several stream keys begin with "${wanted}"; give the id.`)
  return only
}

export const commands = [
  createChannelCommand,
  createKeyCommand,
  listKeysCommand,
  revokeKeyCommand,
  ...accessCommands,
]
