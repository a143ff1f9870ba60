import { identity, notFound } from '#contract'
import { type PluginContext, problem } from '#sdk'
import type { Badges } from './badges.ts'

/** What the parts of this plugin share on one site. */
export interface Desk {
  ctx: PluginContext
  badges: Badges
}

/** Who has, or had, this username; throws not-found. */
export async function getPerson({ ctx }: Desk, username: string): Promise<identity.Person> {
  const name = identity.Username.safeParse(username.toLowerCase())
  const person = name.success ? await ctx.accounts.byUsername(name.data) : null
  if (!person) throw problem(notFound)
  return person
}
