/**
 * z of the Mann-Whitney U test (normal approximation, ties shared; Mann and Whitney 1947): under 2 in either direction
 * nothing tells the two lists apart.
 */
export function rankSum(a: readonly number[], b: readonly number[]): number {
  const all = [...a.map((value) => ({ value, isA: true })), ...b.map((value) => ({ value, isA: false }))]
  all.sort((one, other) => one.value - other.value)
  let sumA = 0
  for (let start = 0; start < all.length; ) {
    let end = start
    while (end < all.length && all[end]?.value === all[start]?.value) end++
    // Equal values share the mean of their ranks, which count from 1.
    const rank = (start + 1 + end) / 2
    for (let i = start; i < end; i++) if (all[i]?.isA) sumA += rank
    start = end
  }
  const u = sumA - (a.length * (a.length + 1)) / 2
  const mean = (a.length * b.length) / 2
  const deviation = Math.sqrt((a.length * b.length * (a.length + b.length + 1)) / 12)
  return (u - mean) / deviation
}
