/** The list with one item at another place; places outside are the nearest inside. It takes the disc of its neighbours. */
export function moved<T extends { discNumber: number }>(items: readonly T[], from: number, to: number): T[] {
  const rest = items.filter((_, index) => index !== from)
  const item = items[from]
  if (!item) return [...items]
  const at = Math.min(rest.length, Math.max(0, to))
  const [before, after] = [rest[at - 1], rest[at]]
  const low = before?.discNumber ?? after?.discNumber ?? item.discNumber
  const high = after?.discNumber ?? low
  // Between two discs it stays on its own where that is one of them.
  const discNumber = item.discNumber >= low && item.discNumber <= high ? item.discNumber : low
  return [...rest.slice(0, at), { ...item, discNumber }, ...rest.slice(at)]
}

/** The list with some of its items on another disc; each disc keeps its order. */
export function onDisc<T extends { id: string; discNumber: number }>(
  items: readonly T[],
  ids: ReadonlySet<string>,
  discNumber: number,
): T[] {
  return items
    .map((item) => (ids.has(item.id) ? { ...item, discNumber } : item))
    .sort((a, b) => a.discNumber - b.discNumber)
}
