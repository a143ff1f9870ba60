import { cut, line } from './text.ts'

const longestName = 120
const longestList = 30

/** Cuts what is too long and tells so once. */
export interface TextLimits {
  text(text: string, length: number): string
  list<T>(items: T[]): T[]
}

export function textLimits(warnings: Set<string>): TextLimits {
  return {
    text(text, length) {
      if (text.length > length) warnings.add('Some tags are longer than they may be and were cut.')
      return cut(text, length)
    },
    list(items) {
      if (items.length > longestList) warnings.add(`Lists of more than ${longestList} entries were cut.`)
      return items.slice(0, longestList)
    },
  }
}

/** Names as they are shown: each once, in the order they came. */
export function takeNames(values: string[], limits: TextLimits): string[] {
  const taken = new Map<string, string>()
  for (const value of values) {
    const name = limits.text(line(value), longestName)
    if (name && !taken.has(name.toLowerCase())) taken.set(name.toLowerCase(), name)
  }
  return limits.list([...taken.values()])
}
