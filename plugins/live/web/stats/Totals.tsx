import type { Total } from './totals.ts'

export function Totals({ items }: { items: readonly Total[] }) {
  return (
    <dl class="stats-totals">
      {items.map(({ id, value, words }) => (
        <div key={id}>
          <dt>{words}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
