import type { Connection } from './connection.ts'
import { exitRoom, type FrameContext } from './frames.ts'
import type { Room } from './rooms.ts'

/** Asks a room's owner again whether somebody in it may be there; who may not is put out and told. */
export async function askAgain(context: FrameContext, connection: Connection, room: Room): Promise<void> {
  const isWelcome = await mayStay(context, connection, room)
  if (isWelcome || !connection.rooms.has(room)) return
  exitRoom(context, connection, room)
  connection.send({ op: 'expelled', channel: room.channel, params: room.params })
}

async function mayStay(context: FrameContext, connection: Connection, room: Room): Promise<boolean> {
  try {
    const handler = context.channels.get(room.channel)?.handler
    return (await handler?.canJoin(connection.member, room.params)) ?? false
  } catch {
    return false
  }
}
