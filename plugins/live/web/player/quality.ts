import type { Choice } from './kept.ts'
import type { Rung } from './source.ts'

/** Enough for a phone on a data plan. */
const thriftyHeight = 480

/** The rung that a choice means here: the highest of at most that height, or the lowest; null where the line chooses. */
export function rungFor(choice: Choice, rungs: readonly Rung[]): Rung | null {
  if (choice === 'auto' || choice === 'audio' || rungs.length < 2) return null
  if (choice === 'source') return rungs.find(({ isSource }) => isSource) ?? null
  const sorted = [...rungs].sort((a, b) => b.height - a.height)
  return sorted.find(({ height }) => height <= choice) ?? sorted.at(-1) ?? null
}

/** What may be chosen, the best first; nothing where there is no choice. While only the sound plays no rung is known. */
export function choicesOf(rungs: readonly Rung[], has: { audio: boolean; video: boolean }): Choice[] {
  const pictures = picturesOf(rungs)
  const isAuto = pictures.length > 1 || (pictures.length === 0 && has.video)
  const choices: Choice[] = [
    ...(isAuto ? (['auto'] as const) : []),
    ...pictures,
    ...(has.audio ? (['audio'] as const) : []),
  ]
  return choices.length > 1 ? choices : []
}

function picturesOf(rungs: readonly Rung[]): Choice[] {
  const lower = rungs.filter(({ isSource }) => !isSource).map(({ height }) => height)
  const heights = [...new Set(lower)].sort((a, b) => b - a)
  return rungs.some(({ isSource }) => isSource) ? ['source', ...heights] : heights
}

/** The choice as the menu marks it, where not each that was once made is offered. */
export function shownChoice(choice: Choice, rungs: readonly Rung[]): Choice {
  if (choice === 'audio') return 'audio'
  const rung = rungFor(choice, rungs)
  if (rung) return rung.isSource ? 'source' : rung.height
  return rungs.length === 1 ? 'source' : 'auto'
}

/** Index of the highest rung that a viewer who spares data gets by itself. */
export function thriftyCap(rungs: readonly Rung[]): number | null {
  return rungFor(thriftyHeight, rungs)?.index ?? null
}
