import { useTexts } from '../sdk/texts.ts'
import { uiTexts } from './texts.ts'

interface SkeletonProps {
  /** Text lines, the last one shorter; `block` is a card or a picture. */
  lines?: number
  shape?: 'text' | 'block' | 'video'
  /** How many of the same beside each other. */
  count?: number
}

/** The grey shape of what is on its way; screen readers hear one word. */
export function Skeleton({ lines = 3, shape = 'text', count = 1 }: SkeletonProps) {
  const t = useTexts(uiTexts)
  const pieces = Array.from({ length: shape === 'text' ? lines : count }, (_, index) => index)
  return (
    <div class={`skeleton skeleton-${shape}`} role="status">
      <span class="hidden-text">{t('loading')}</span>
      {pieces.map((index) => (
        <i key={index} />
      ))}
    </div>
  )
}
