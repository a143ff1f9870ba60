import { Id, Slug, z } from '#contract'
import { defineCommand } from '#sdk'
import { getNamedChannel } from '../channels.ts'
import type { LiveSettings } from '../settings.ts'
import { addGuestByName, inviteByMail, makeTickets } from './guests.ts'

const by = { actor: null, language: 'en' }

interface TicketInput {
  channel: string
  count: number
  event?: string | undefined
}

const createTicketsCommand = defineCommand<
  TicketInput,
  { channel: string; items: { id: string; code: string }[] },
  LiveSettings,
  Record<string, never>
>({
  name: 'ticket create',
  summary: 'Make ticket codes for a channel, each good for one account',
  options: [
    ['--channel <slug>', 'Channel that can be watched with them'],
    ['--count <number>', 'How many; 1 unless said'],
    ['--event <id>', 'Only this planned set'],
  ],
  input: z.strictObject({
    channel: Slug,
    count: z.coerce.number({ error: 'Give how many codes as a number.' }).int().min(1).max(500).default(1),
    event: Id.optional(),
  }),
  run: async ({ channel: slug, count, event }, ctx) => {
    const channel = await getNamedChannel(ctx.db, slug)
    return { channel: slug, items: await makeTickets(ctx, { channel, eventId: event }, count, by) }
  },
  text: ({ channel, items }) =>
    `Codes for the channel "${channel}". They are shown only now.\n${items.map(({ code }) => `  ${code}`).join('\n')}`,
})

interface GuestInput {
  channel: string
  username?: string | undefined
  email?: string | undefined
  event?: string | undefined
}

const addGuestCommand = defineCommand<
  GuestInput,
  { id: string; channel: string; username: string | null; email: string | null },
  LiveSettings,
  Record<string, never>
>({
  name: 'guest add',
  summary: 'Put somebody on the guest list of a channel, by username or by mail',
  options: [
    ['--channel <slug>', 'Channel they may watch'],
    ['--username <name>', 'An account of this site'],
    ['--email <address>', 'Somebody else: an invitation is mailed'],
    ['--event <id>', 'Only this planned set'],
  ],
  input: z
    .strictObject({
      channel: Slug,
      username: z.string().trim().min(1).max(40).optional(),
      email: z.email().max(254).optional(),
      event: Id.optional(),
    })
    .refine(({ username, email }) => (username === undefined) !== (email === undefined), {
      error: 'Give either --username or --email.',
    }),
  run: async ({ channel: slug, username, email, event }, ctx) => {
    const where = { channel: await getNamedChannel(ctx.db, slug), eventId: event }
    const { id } =
      email === undefined
        ? await addGuestByName(ctx, where, username ?? '', by)
        : await inviteByMail(ctx, where, email, by)
    return { id, channel: slug, username: username ?? null, email: email ?? null }
  },
  text: ({ channel, username, email }) =>
    email
      ? `An invitation to the channel "${channel}" goes to ${email}.`
      : `${username} may watch the channel "${channel}".`,
})

export const accessCommands = [createTicketsCommand, addGuestCommand]
