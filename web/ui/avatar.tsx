import { useState } from 'preact/hooks'

/** The first letters of the first and last word: `Nina Kraviz` -> `NK`. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const picked = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return picked.map((word) => [...(word ?? '')][0]?.toUpperCase() ?? '').join('') || '?'
}

interface AvatarProps {
  name: string
  size?: number
  /** The picture; where there is none, or it cannot be had, initials on a colour that stays theirs. */
  url?: string | null | undefined
}

/** A person's picture; decoration beside the name, so it has none itself. */
export function Avatar({ name, size = 32, url }: AvatarProps) {
  const [broken, setBroken] = useState<string | null>(null)
  const style = { '--avatar': `${size}px` }
  if (url && url !== broken)
    return (
      <img
        class="avatar"
        src={url}
        alt=""
        width={size}
        height={size}
        style={style}
        onError={() => setBroken(url)}
      />
    )
  let hue = 0
  for (const character of name) hue = (hue * 31 + (character.codePointAt(0) ?? 0)) % 360
  return (
    <span class="avatar" aria-hidden="true" style={{ ...style, '--hue': String(hue) }}>
      {initials(name)}
    </span>
  )
}
