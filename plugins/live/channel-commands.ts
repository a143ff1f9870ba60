import { Slug, z } from '#contract'
import { type Db, defineCommand } from '#sdk'
import { type Channel, insertChannel } from './channels.ts'
import { Access } from './contract.ts'
import type { LiveContext, LiveSettings } from './settings.ts'

interface NewChannel {
  slug: string
  title: string
  description?: string | undefined
  access?: Access | undefined
}

/** One of the label's own channels, made on the command line. */
export async function makeChannel({ audit }: LiveContext, db: Db, given: NewChannel): Promise<Channel> {
  const { slug, title, description = '', access } = given
  const made = await insertChannel(db, { slug, title, description, ownerId: null, access })
  const detail = { access: made.access }
  await audit.record(db, { action: 'live.channel-created', actor: null, subject: slug, detail })
  return made
}

export const createChannelCommand = defineCommand<
  NewChannel,
  { id: string; channel: string; access: Access; url: string },
  LiveSettings,
  Record<string, never>
>({
  name: 'channel create',
  summary: 'Make a channel of the label, open to whom you say from its first moment',
  options: [
    ['--slug <slug>', 'Its address: /live/SLUG'],
    ['--title <title>', 'Its title'],
    ['--description <text>', 'What is played there'],
    ['--access <rule>', `Who may watch: ${Access.options.join(', ')}; public unless said`],
  ],
  input: z.strictObject({
    slug: Slug,
    title: z.string().trim().min(1).max(120),
    description: z.string().trim().max(2000).optional(),
    access: Access.optional(),
  }),
  run: async (input, ctx) => {
    const { id, slug, access } = await ctx.db.tx((db) => makeChannel(ctx, db, input))
    return { id, channel: slug, access, url: `${ctx.site.url}/live/${slug}` }
  },
  text: ({ channel, access, url }) => `The channel "${channel}" is there (${access}): ${url}`,
})
