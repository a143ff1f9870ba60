import { Health } from './contract.ts'
import type { Desk } from './desk.ts'
import { nodesOf } from './nodes/nodes.ts'
import { findStream, type Stream } from './streams.ts'

/** How a stream arrives, as its own machine measures it; while that is away, what the database knows. */
export function askedHealth(desk: Desk): (stream: Stream) => Promise<Health> {
  const there = nodesOf(desk.ctx).tellAtItsPlace('health', async (streamId) => {
    const stream = await findStream(desk.ctx.db, streamId)
    return stream && desk.health.asked(stream)
  })
  return async (stream) => {
    const told = Health.safeParse(await there(stream))
    return told.success ? told.data : desk.health.view(stream)
  }
}
