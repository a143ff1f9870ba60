import type { Account } from '#sdk'
import type { Connection } from './connection.ts'
import type { FrameContext } from './frames.ts'
import { closeCodes } from './protocol.ts'
import { askAgain } from './stay.ts'

export interface HeartbeatContext extends FrameContext {
  connections: Set<Connection>
  now: () => number
  authenticate: ((sessionId: string) => Promise<Account | null>) | undefined
}

export interface Heartbeat {
  /** Looks every session up now, or once more where that is being done. */
  lookNow(): void
  stop(): void
}

/** Pings every connection, ends the dead and the expired, and looks sessions up again. */
export function startHeartbeat(context: HeartbeatContext): Heartbeat {
  let isLooking = false
  let isAskedAgain = false
  const look = async (authenticate: NonNullable<HeartbeatContext['authenticate']>) => {
    isLooking = true
    do {
      isAskedAgain = false
      await lookUpSessions(context, authenticate).catch((error: unknown) =>
        context.log.warn({ err: error }, 'Realtime sessions could not be looked up.'),
      )
    } while (isAskedAgain)
    isLooking = false
  }
  const timer = setInterval(() => {
    for (const connection of context.connections) beat(context, connection)
    if (!isLooking && context.authenticate) void look(context.authenticate)
  }, context.limits.heartbeatMs)
  timer.unref()
  return {
    lookNow: () => {
      if (isLooking) isAskedAgain = true
      else if (context.authenticate) void look(context.authenticate)
    },
    stop: () => clearInterval(timer),
  }
}

function beat(context: HeartbeatContext, connection: Connection): void {
  if (connection.isClosed) return
  if (connection.expiresAt <= context.now()) connection.close(closeCodes.signedOut, 'signed-out')
  else if (connection.missedPongs >= 2) connection.terminate()
  else connection.ping()
}

async function lookUpSessions(
  context: HeartbeatContext,
  authenticate: (sessionId: string) => Promise<Account | null>,
): Promise<void> {
  const bySession = Map.groupBy(context.connections, (connection) => connection.sessionId)
  for (const [sessionId, connections] of bySession) {
    if (sessionId === null) continue
    const account = await authenticate(sessionId)
    for (const connection of connections) {
      if (connection.isClosed) continue
      if (account) await refresh(context, connection, account)
      else connection.close(closeCodes.signedOut, 'signed-out')
    }
  }
}

/** A role taken away while connected takes the rooms away that it opened. */
async function refresh(context: HeartbeatContext, connection: Connection, account: Account): Promise<void> {
  const before = connection.member.account
  connection.member.account = account
  if (before && isSame(before.permissions, account.permissions)) return
  for (const room of [...connection.rooms]) await askAgain(context, connection, room)
}

const isSame = (a: ReadonlySet<string>, b: ReadonlySet<string>) =>
  a.size === b.size && [...a].every((item) => b.has(item))
