import './cover.css'
import { Icon } from '#web'
import type { Cover } from '../contract.ts'

interface CoverProps {
  cover: Cover | null
  /** `thumb` in rows, `small` in grids, `large` where it leads the page. */
  size: 'thumb' | 'small' | 'large'
  /** What it shows, where it is more than decoration. */
  alt?: string
  isFirst?: boolean
}

const pixels = { thumb: 160, small: 480, large: 1200 }

/** The cover of a release, or a quiet square where there is none. */
export function CoverArt({ cover, size, alt = '', isFirst }: CoverProps) {
  if (!cover)
    return (
      <span class={`cover-art cover-none is-${size}`} aria-hidden="true">
        <Icon name="music" size={size === 'thumb' ? 18 : 48} />
      </span>
    )
  const side = pixels[size]
  const picture = {
    width: side,
    height: side,
    decoding: 'async' as const,
    style: { background: cover.colour },
    ...(isFirst ? { fetchpriority: 'high' as const } : { loading: 'lazy' as const }),
  }
  if (size === 'thumb') return <img class="cover-art" src={cover.thumb} alt={alt} {...picture} />
  const { avif, webp, jpeg } = cover[size]
  return (
    <picture>
      <source type="image/avif" srcset={avif} />
      <source type="image/webp" srcset={webp} />
      <img class="cover-art" src={jpeg} alt={alt} {...picture} />
    </picture>
  )
}
