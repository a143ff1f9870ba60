import { useEmotes } from './EmoteContext.tsx'
import { cutAtEmotes } from './emotes.ts'
import { piecesOf } from './links.ts'

/** A message as text, its web addresses as links, the label's emotes as pictures; never HTML. */
export function MessageText({ text }: { text: string }) {
  const emotes = useEmotes()
  return (
    <span class="chat-text" dir="auto">
      {piecesOf(text).map((piece) =>
        piece.href ? (
          <a key={piece.at} href={piece.href} target="_blank" rel="noopener noreferrer nofollow ugc">
            {piece.text}
          </a>
        ) : (
          cutAtEmotes(piece.text, emotes).map(({ text, url, at }) =>
            url === null ? (
              text
            ) : (
              <img
                key={piece.at + at}
                class="chat-emote"
                src={url}
                alt={text}
                title={text}
                width="28"
                height="28"
              />
            ),
          )
        ),
      )}
    </span>
  )
}
