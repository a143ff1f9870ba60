import { piecesOf } from './links.ts'

/** A message as text, its web addresses as links; never HTML. */
export function MessageText({ text }: { text: string }) {
  return (
    <span class="chat-text" dir="auto">
      {piecesOf(text).map((piece) =>
        piece.href ? (
          <a key={piece.at} href={piece.href} target="_blank" rel="noopener noreferrer nofollow ugc">
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
    </span>
  )
}
