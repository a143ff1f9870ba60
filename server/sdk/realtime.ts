import type { Channel, z } from '#contract'
import type { Account } from './context.ts'

/** One browser in one channel. */
export interface Member {
  connectionId: string
  account: Account | null
  address: string
}

type MessageOf<Map extends Record<string, z.ZodType>> = { [K in keyof Map]: z.infer<Map[K]> }

export interface ChannelHandler<Params, Commands extends Record<string, z.ZodType>> {
  /** False or a problem refuses; true admits. */
  canJoin(member: Member, params: Params): Promise<boolean> | boolean
  joined?(member: Member, params: Params): void
  left?(member: Member, params: Params): void
  /** Commands sent by the browser; a thrown problem goes back to that browser alone. */
  on?: {
    [K in keyof Commands]?: (
      member: Member,
      params: Params,
      data: z.infer<Commands[K]>,
    ) => Promise<unknown> | unknown
  }
}

export interface Realtime {
  channel<P, M extends Record<string, z.ZodType>, C extends Record<string, z.ZodType>>(
    channel: Channel<P, M, C>,
    handler: ChannelHandler<P, C>,
  ): void
  /** To every browser in the room, in every process. Dropped, not queued, for a browser that does not keep up. */
  publish<
    P,
    M extends Record<string, z.ZodType>,
    C extends Record<string, z.ZodType>,
    T extends keyof M & string,
  >(channel: Channel<P, M, C>, params: P, type: T, data: MessageOf<M>[T]): void
  /** Connections in a room of this process and distinct accounts among them. */
  presence<P>(channel: Channel<P>, params: P): { connections: number; accounts: string[] }
  /** Puts matching members out of a room, after a ban for instance. */
  expel<P>(channel: Channel<P>, params: P, accountId: string): void
  /**
   * What `canJoin` looks at has changed: asks it again of those who are in, in every process, and puts out who may not
   * stay. Of one room where `params` are given, of one account where that is named.
   */
  askAgain<P>(channel: Channel<P>, whom: { params?: P; accountId?: string }): void
}
