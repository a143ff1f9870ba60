import { UnreadableFile } from './types.ts'

/** An element with its own text; names without prefixes, attributes left out. */
export interface XmlElement {
  name: string
  text: string
  children: XmlElement[]
}

const deepest = 16
const predefined: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/**
 * Reads the elements and texts of an XML document (XML 1.0, fifth edition) in one pass over it. Document type
 * declarations, and with them all entities but the five that XML has itself, are refused: nothing can grow.
 */
export function readXml(text: string): XmlElement {
  const top: XmlElement = { name: '', text: '', children: [] }
  const open = [top]
  let at = 0
  while (at < text.length) {
    const current = open.at(-1) as XmlElement
    const next = text.indexOf('<', at)
    const end = next < 0 ? text.length : next
    if (end > at) current.text += decode(text.slice(at, end))
    if (next < 0) break
    at = readMark(text, next, open)
  }
  const [root] = top.children
  if (open.length !== 1 || top.children.length !== 1 || !root || top.text.trim() !== '') refuse()
  return root as XmlElement
}

/** From a `<` on; answers where it ends. */
function readMark(text: string, at: number, open: XmlElement[]): number {
  const current = open.at(-1) as XmlElement
  if (text.startsWith('<!--', at)) return after(text, '-->', at + 4)
  if (text.startsWith('<?', at)) return after(text, '?>', at + 2)
  if (text.startsWith('<![CDATA[', at)) {
    const end = after(text, ']]>', at + 9)
    current.text += text.slice(at + 9, end - 3)
    return end
  }
  if (text.startsWith('<!', at)) refuse()
  const end = endOfTag(text, at + 1)
  const inside = text.slice(at + 1, end - 1)
  if (inside.startsWith('/')) {
    if (open.length < 2 || nameOf(inside.slice(1)) !== current.name) refuse()
    open.pop()
    return end
  }
  const element: XmlElement = { name: nameOf(inside), text: '', children: [] }
  current.children.push(element)
  if (!inside.endsWith('/')) open.push(element)
  if (open.length > deepest) refuse()
  return end
}

/** A `>` within a quoted attribute does not end a tag. */
function endOfTag(text: string, from: number): number {
  let quote = ''
  for (let at = from; at < text.length; at++) {
    const sign = text.charAt(at)
    if (quote !== '') quote = sign === quote ? '' : quote
    else if (sign === '"' || sign === "'") quote = sign
    else if (sign === '>') return at + 1
    else if (sign === '<') refuse()
  }
  return refuse()
}

function nameOf(inside: string): string {
  const name = /^[^\s/>]{1,100}/.exec(inside)?.[0] ?? refuse()
  return name.slice(name.indexOf(':') + 1)
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from)
  return at < 0 ? refuse() : at + mark.length
}

function decode(text: string): string {
  return text.replace(/&([^;&]{0,12});?/g, (whole, name: string) => {
    if (!whole.endsWith(';')) return refuse()
    const code = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name)
    if (!code) return predefined[name] ?? refuse()
    const point = code[1] ? Number.parseInt(code[1], 16) : Number(code[2])
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : refuse()
  })
}

function refuse(): never {
  throw new UnreadableFile('format')
}

/** Text for an element; what XML cannot hold at all is left out. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(unwritable, '')
    .replace(/[&<>"\r]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g
