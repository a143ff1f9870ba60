import { formatNumber } from '#web'

interface SharesProps {
  items: readonly { name: string; count: number }[]
  /** In the reader's words. */
  nameOf(name: string): string
}

/** Parts of a whole with their share, the largest first. */
export function Shares({ items, nameOf }: SharesProps) {
  const all = items.reduce((sum, { count }) => sum + count, 0)
  return (
    <ul class="shares">
      {items.map(({ name, count }) => (
        <li key={name}>
          <span class="shares-name">{nameOf(name)}</span>
          <span class="shares-value figures">
            {formatNumber(count / all, { style: 'percent' })}
            <span class="muted"> · {formatNumber(count)}</span>
          </span>
          <i class="shares-bar" aria-hidden="true" style={{ width: `${(count / all) * 100}%` }} />
        </li>
      ))}
    </ul>
  )
}
