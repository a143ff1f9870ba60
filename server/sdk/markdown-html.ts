import { escapeHtml } from './html.ts'

/** A node of the tree that mdast-util-from-markdown answers, as far as it is looked at. */
export interface MarkdownNode {
  type: string
  children?: MarkdownNode[]
  value?: string
  url?: string
  alt?: string | null
  depth?: number
  ordered?: boolean | null
  spread?: boolean | null
}

interface Place {
  depth: number
  isInLink: boolean
  /** Paragraphs of a list without blank lines are not wrapped. */
  isTight: boolean
}

/** Elements within each other; deeper ones lose their tags and keep their text. */
const mostDepth = 20
const addressLimit = 2000

/** HTML of a tree: only the elements written here ever come out, every text escaped. */
export function toHtml(root: MarkdownNode): string {
  return childrenOf(root, { depth: 0, isInLink: false, isTight: false }, '\n')
}

function childrenOf(node: MarkdownNode, place: Place, between = ''): string {
  return (node.children ?? []).map((child) => htmlOf(child, place)).join(between)
}

function htmlOf(node: MarkdownNode, place: Place): string {
  const inside = { ...place, depth: place.depth + 1 }
  if (node.children && place.depth >= mostDepth) return childrenOf(node, inside)
  switch (node.type) {
    case 'paragraph':
      return place.isTight ? childrenOf(node, inside) : wrapped('p', childrenOf(node, inside))
    case 'heading':
      return wrapped(node.depth === 1 ? 'h3' : 'h4', childrenOf(node, inside))
    case 'emphasis':
      return wrapped('em', childrenOf(node, inside))
    case 'strong':
      return wrapped('strong', childrenOf(node, inside))
    case 'blockquote':
      return wrapped('blockquote', childrenOf(node, { ...inside, isTight: false }, '\n'))
    case 'list':
      return wrapped(node.ordered ? 'ol' : 'ul', childrenOf(node, { ...inside, isTight: isTight(node) }))
    case 'listItem':
      return wrapped('li', childrenOf(node, inside, '\n'))
    case 'inlineCode':
      return wrapped('code', escapeHtml(node.value ?? ''))
    case 'code':
      return wrapped('pre', wrapped('code', escapeHtml(node.value ?? '')))
    case 'break':
      return '<br>'
    case 'thematicBreak':
      return '<hr>'
    case 'link':
      return link(node.url, childrenOf(node, { ...inside, isInLink: true }), place)
    case 'image':
      return link(node.url, escapeHtml(node.alt || node.url || ''), place)
    default:
      return node.children ? childrenOf(node, inside) : escapeHtml(node.value ?? '')
  }
}

const isTight = (list: MarkdownNode) => !list.spread && !(list.children ?? []).some((item) => item.spread)

const wrapped = (name: string, html: string) => `<${name}>${html}</${name}>`

function link(url: string | undefined, html: string, { isInLink }: Place): string {
  const address = isInLink ? null : safeAddress(url ?? '')
  if (!address) return html
  return `<a href="${escapeHtml(address)}" rel="nofollow ugc noopener noreferrer" target="_blank">${html}</a>`
}

/** The address in its normal form; null unless it is whole, and http, https or mailto without a name before the host. */
function safeAddress(text: string): string | null {
  if (text.length > addressLimit || !/^(?:https?:\/\/|mailto:)/i.test(text)) return null
  const url = URL.parse(text)
  return url && !url.username && !url.password ? url.href : null
}
