import type { LiveContext } from '../settings.ts'

type AddressOf = (channel: { slug: string }) => string

const chatOf = new WeakMap<LiveContext, AddressOf>()

/** Who keeps what was said says where it is read; the newest who does so counts. */
export function addReplayChat(ctx: LiveContext, addressOf: AddressOf): () => void {
  chatOf.set(ctx, addressOf)
  return () => {
    if (chatOf.get(ctx) === addressOf) chatOf.delete(ctx)
  }
}

/** Null where nobody keeps what is said. */
export function replayChat(ctx: LiveContext, channel: { slug: string }): string | null {
  return chatOf.get(ctx)?.({ slug: channel.slug }) ?? null
}
