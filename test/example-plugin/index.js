import { defineRoute, z } from 'veza/contract'
import { defineCommand, definePlugin, isoTime, newId } from 'veza/sdk'

const hello = defineRoute({
  method: 'GET',
  path: '/api/v1/example/hello',
  access: 'public',
  summary: 'Greets, and counts how often it has',
  result: z.strictObject({ greeting: z.string(), times: z.number() }),
})

const countGreetings = async (db) => (await db('example_greetings').count('* as n').first())?.n ?? 0

const countCommand = defineCommand({
  name: 'example count',
  summary: 'How often somebody was greeted',
  input: z.strictObject({}),
  run: async (_input, { db }) => ({ times: await countGreetings(db) }),
  text: ({ times }) => `Greeted ${times} times.`,
})

export default definePlugin({
  name: 'example',
  version: '1.0.0',
  title: 'Example',
  settings: z.strictObject({ greeting: z.string().default('Hello') }),
  migrations: new URL('./migrations/', import.meta.url),
  commands: [countCommand],
  setup(ctx) {
    ctx.router.handle(hello, () =>
      ctx.db.tx(async (db) => {
        await db('example_greetings').insert({ id: newId(), greetedAt: isoTime() })
        return { greeting: ctx.settings.get().greeting, times: await countGreetings(db) }
      }),
    )
  },
})
