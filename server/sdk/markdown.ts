import { createRequire } from 'node:module'
import { escapeHtml } from './html.ts'
import { type MarkdownNode, toHtml } from './markdown-html.ts'
import type { Html } from './page.ts'

/** Longest text that is read as Markdown, in characters; what is longer is shown as it was written. */
export const markdownLimit = 10_000
// The parser's work grows with the square of these; nobody who writes for people comes near.
const mostContainers = 8
const mostDelimiters = 800

/**
 * Safe HTML of CommonMark: paragraphs, h3 and h4, emphasis, code, lists, quotes, rules, breaks, and links to http,
 * https and mailto. HTML in it is shown as text, pictures become links. Bounded in time for any text.
 */
export function renderMarkdown(text: string): Html {
  const clean = text.toWellFormed().replace(/\r\n?/g, '\n').replace(unwanted, '')
  if (clean.trim() === '') return { html: '' }
  if (!isSimple(clean)) return asWritten(clean)
  const root = parser()(clean, {
    // HTML is text here; links by reference could repeat a long address without end; headings by a line below cost
    // the square of their number.
    extensions: [{ disable: { null: ['htmlFlow', 'htmlText', 'definition', 'setextUnderline'] } }],
  })
  return { html: toHtml(root as MarkdownNode) }
}

type Parser = typeof import('mdast-util-from-markdown').fromMarkdown
let loaded: Parser | undefined

/** Loaded with the first text: it is a hundred small files, which the start of the server need not wait for. */
function parser(): Parser {
  loaded ??= (createRequire(import.meta.url)('mdast-util-from-markdown') as { fromMarkdown: Parser })
    .fromMarkdown
  return loaded
}

/** Control characters but tab and line breaks, and those that turn the direction of what follows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unwanted = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

function isSimple(text: string): boolean {
  if (text.length > markdownLimit) return false
  let delimiters = 0
  for (const _run of text.matchAll(/\*+|_+|\[|`+/g)) if (++delimiters > mostDelimiters) return false
  return text.split('\n').every((line) => containersOf(line) <= mostContainers)
}

/** How many quotes and lists begin at the start of a line, each within the other. */
function containersOf(line: string): number {
  const marker = /[ \t]*(?:>|[*+-](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$))/y
  let count = 0
  while (marker.test(line)) count++
  return count
}

function asWritten(text: string): Html {
  const paragraphs = text.split(/\n{2,}/).filter((part) => part.trim() !== '')
  const html = paragraphs.map((part) => `<p>${escapeHtml(part.trim()).replaceAll('\n', '<br>')}</p>`)
  return { html: html.join('\n') }
}
