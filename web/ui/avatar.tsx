/** The first letters of the first and last word: `Nina Kraviz` -> `NK`. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const picked = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return picked.map((word) => [...(word ?? '')][0]?.toUpperCase() ?? '').join('') || '?'
}

/** A person as initials on a colour that stays theirs; decoration beside the name, so it has none itself. */
export function Avatar({ name, size = 32 }: { name: string; size?: number }) {
  let hue = 0
  for (const character of name) hue = (hue * 31 + (character.codePointAt(0) ?? 0)) % 360
  return (
    <span class="avatar" aria-hidden="true" style={{ '--hue': String(hue), '--avatar': `${size}px` }}>
      {initials(name)}
    </span>
  )
}
