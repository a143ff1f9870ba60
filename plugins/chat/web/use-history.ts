import { useEffect, useRef, useState } from 'preact/hooks'
import { asProblem, call, type ProblemError } from '#web'
import { listHistory, type Message } from '../contract.ts'
import { neededAt, type Pieces, pieceMs, saidBy } from './history.ts'

/** More pages of one piece than people can read. */
const mostPages = 5

export interface RoomHistory {
  messages: readonly Message[]
  isLoading: boolean
  error: ProblemError | null
  retry(): void
}

async function readPiece(slug: string, piece: number): Promise<Message[]> {
  const from = new Date(piece * pieceMs).toISOString()
  const until = new Date((piece + 1) * pieceMs).toISOString()
  const messages: Message[] = []
  let after: string | null = null
  for (let page = 0; page < mostPages; page += 1) {
    const query: { from: string; until: string; limit: number; after?: string } = { from, until, limit: 200 }
    if (after) query.after = after
    const { items, next }: { items: Message[]; next: string | null } = await call(listHistory, {
      params: { slug },
      query,
    })
    messages.push(...items)
    if (next === null) break
    after = next
  }
  return messages
}

/** What had been said in a room at a date that moves on, or jumps. */
export function useHistory(slug: string, atMs: number): RoomHistory {
  const [pieces, setPieces] = useState<Pieces>(new Map())
  const [error, setError] = useState<ProblemError | null>(null)
  const [tries, setTries] = useState(0)
  const asked = useRef(new Set<number>())
  const needed = neededAt(atMs)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same pieces are the same list
  useEffect(() => {
    for (const piece of needed) {
      if (asked.current.has(piece)) continue
      asked.current.add(piece)
      readPiece(slug, piece).then(
        (messages) => setPieces((known) => new Map([...known, [piece, messages]])),
        (reason: unknown) => {
          asked.current.delete(piece)
          setError(asProblem(reason))
        },
      )
    }
  }, [slug, needed.join(), tries])
  return {
    messages: saidBy(pieces, atMs),
    isLoading: !pieces.has(Math.floor(atMs / pieceMs)),
    error,
    retry: () => {
      setError(null)
      setTries(tries + 1)
    },
  }
}
