import { useEffect, useRef, useState } from 'preact/hooks'
import type { Channel, z } from '#contract'
import type { ProblemError } from './problem-error.ts'
import { offlineProblem } from './problem-error.ts'
import { type ChannelState, enter, type Subscription, sendTo } from './realtime.ts'

type Shapes = Record<string, z.ZodType>
/** One function per message of the channel, as far as the component cares. */
export type ChannelHandlers<Messages extends Shapes> = {
  [Type in keyof Messages]?: (data: z.output<Messages[Type]>) => void
} & {
  /** The room was entered: first time or again. */
  onJoin?: () => void
  /** Back after an interruption: messages in between are missing, so fetch them. */
  onRejoin?: () => void
}
export interface Room<Commands extends Shapes> {
  state: ChannelState
  /** Why the room was refused or cannot be reached. */
  problem: ProblemError | null
  /** Resolves with what the server's handler answers; rejects with ProblemError, at once when offline. */
  send<Type extends keyof Commands & string>(type: Type, data: z.input<Commands[Type]>): Promise<unknown>
}

/**
 * Keeps the component in a realtime room over the page's one socket: reconnects, joins again, leaves on unmount.
 * `params` null stays out. Handlers may change on each render; the newest are called.
 */
export function useChannel<Params, Messages extends Shapes, Commands extends Shapes>(
  channel: Channel<Params, Messages, Commands>,
  params: Params | null,
  handlers: ChannelHandlers<Messages> = {},
): Room<Commands> {
  const newest = useRef(handlers)
  newest.current = handlers
  const [room, setRoom] = useState<Subscription | null>(null)
  const key = params === null ? null : JSON.stringify(params)
  useEffect(() => {
    if (key === null) return undefined
    const [entered, leave] = enter(channel.name, JSON.parse(key), {
      message: (type, data) => {
        const handler = newest.current[type] as ((data: unknown) => void) | undefined
        handler?.(data)
      },
      joined: (isAgain) => {
        newest.current.onJoin?.()
        if (isAgain) newest.current.onRejoin?.()
      },
    })
    setRoom(entered)
    return () => {
      setRoom(null)
      leave()
    }
  }, [channel.name, key])
  const { state, problem } = room?.state.value ?? { state: 'joining' as const, problem: null }
  return {
    state,
    problem,
    send: (type, data) =>
      room ? sendTo(room, type, data) : Promise.reject(offlineProblem('/api/v1/realtime')),
  }
}
