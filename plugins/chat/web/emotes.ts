/** A stretch of a text: as it is, or the picture that stands for its name. */
export interface Stretch {
  text: string
  url: string | null
  /** Place in the text, as a key. */
  at: number
}

const sign = /:([a-z0-9_]{2,24}):/g

/** How an emote is written. */
export const signOf = (name: string): string => `:${name}:`

/** Cuts a text at the names of emotes that there are; of two that share a colon the first counts. */
export function cutAtEmotes(text: string, urls: ReadonlyMap<string, string>): Stretch[] {
  const stretches: Stretch[] = []
  let done = 0
  const plain = (end: number) => {
    if (end > done) stretches.push({ text: text.slice(done, end), url: null, at: done })
  }
  sign.lastIndex = 0
  for (let found = sign.exec(text); found; found = sign.exec(text)) {
    const url = urls.get(found[1] ?? '')
    // The colon behind what is no emote may begin one.
    if (url === undefined) sign.lastIndex -= 1
    else {
      plain(found.index)
      stretches.push({ text: found[0], url, at: found.index })
      done = sign.lastIndex
    }
  }
  plain(text.length)
  return stretches
}

/** Puts a sign where the caret is, with a space to the words beside it; answers the text and the new caret. */
export function withSign(text: string, sign: string, [from, to]: readonly [number, number]) {
  const [before, after] = [text.slice(0, from), text.slice(to)]
  const put = `${before === '' || /\s$/.test(before) ? '' : ' '}${sign}${/^\s/.test(after) ? '' : ' '}`
  return { text: before + put + after, caret: from + put.length }
}
