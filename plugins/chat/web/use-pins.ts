import { useEffect, useRef, useState } from 'preact/hooks'
import type { Message, Room } from '../contract.ts'
import { pinsAt } from './pins.ts'
import { asTold, type Timeline } from './timeline.ts'

/** The pinned messages of a room: those it had when it was read, and those heard of since. */
export function usePins(room: Room, timeline: Timeline): { pins: Message[]; now: number } {
  // Kept apart from the list, which lets old lines go.
  const known = useRef(new Map<string, Message>())
  for (const message of [...room.pinned, ...timeline.items])
    if (message.paid?.pinnedUntil) known.current.set(message.id, message)
  const [now, setNow] = useState(Date.now)
  const messages = [...known.current.values()].map((message) => asTold(timeline, message))
  const pins = pinsAt(messages, { ended: timeline.removed, hidden: room.hidden, now })
  const isRunning = pins.length > 0
  useEffect(() => {
    if (!isRunning) return undefined
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [isRunning])
  return { pins, now }
}
