import { useState } from 'preact/hooks'
import type { Storyboard } from '../../contract.ts'
import { stillAt } from './storyboard.ts'

/** A small picture of a moment, cut out of its sheet; its sheet is only fetched when it is first shown. */
export function Still({ board, atMs }: { board: Storyboard; atMs: number }) {
  const [lost, setLost] = useState<string | null>(null)
  const still = stillAt(board, atMs)
  // The time alone says where it is, too.
  if (!still || still.sheet === lost) return null
  const { sheet, column, row } = still
  const shape = { '--wide': String(board.width), '--high': String(board.height) }
  const place = { '--columns': String(board.columns), '--column': String(column), '--row': String(row) }
  return (
    <i class="player-still" style={shape}>
      <img src={sheet} alt="" draggable={false} style={place} onError={() => setLost(sheet)} />
    </i>
  )
}

/** One picture; the one before is seen until it is here. */
export function LiveStill({ src }: { src: string }) {
  const [lost, setLost] = useState<string | null>(null)
  if (src === lost) return null
  return (
    <i class="player-still is-one">
      <img src={src} alt="" draggable={false} onError={() => setLost(src)} />
    </i>
  )
}
