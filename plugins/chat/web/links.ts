/** A stretch of a message: plain text, or text that is a web address. */
export interface Piece {
  text: string
  href: string | null
  /** Place in the message, as a key. */
  at: number
}

const address = /\bhttps?:\/\/[^\s<>"'`]+/giu
const trailing = /[.,;:!?…»”’*_~]+$/u

/** Cuts a message at its http and https addresses; everything else stays text. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let done = 0
  for (const match of text.matchAll(address)) {
    const shown = withoutTail(match[0])
    const href = hrefOf(shown)
    if (!href) continue
    if (match.index > done) pieces.push({ text: text.slice(done, match.index), href: null, at: done })
    pieces.push({ text: shown, href, at: match.index })
    done = match.index + shown.length
  }
  if (done < text.length) pieces.push({ text: text.slice(done), href: null, at: done })
  return pieces
}

/** Punctuation after an address belongs to the sentence; a closing bracket too, unless it was opened inside. */
function withoutTail(address: string): string {
  let text = address
  for (;;) {
    const next = text.replace(trailing, '')
    const isOpen = /[)\]]$/.test(next) && count(next, next.at(-1) === ')' ? '()' : '[]') < 0
    text = isOpen ? next.slice(0, -1) : next
    if (!isOpen) return text
  }
}

function count(text: string, [open, close]: string | string[]): number {
  return text.split(open!).length - text.split(close!).length
}

function hrefOf(text: string): string | null {
  try {
    const url = new URL(text)
    return (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname ? url.href : null
  } catch {
    return null
  }
}
