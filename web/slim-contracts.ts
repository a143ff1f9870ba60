import type { Plugin } from 'vite'

/** What only the server reads of a route; pages need its method and path. */
const serverOnly = new Set([
  'summary',
  'query',
  'body',
  'result',
  'access',
  'takes',
  'isRaw',
  'type',
  'bodyLimit',
  'perMinute',
])

interface Node {
  type: string
  start: number
  end: number
  name?: string
  value?: unknown
}
type Call = Node & { callee: Node; arguments: Node[] }
type Statement = Node & {
  declaration?: Statement
  declarations?: (Node & { id: Node; init?: Call | null })[]
  specifiers?: { local: Node }[]
}
interface Cut {
  start: number
  end: number
  by: string
}

/**
 * Leaves out of the contracts what pages never read, more than half of their bytes: of a route its schemas and what is
 * said of it, and of a schema everything, as zod itself is inert in the browser (zod-stub.ts).
 */
export function slimContracts(): Plugin {
  return {
    name: 'slim-contracts',
    transform: {
      filter: { id: /\/contract(?:\.ts$|\/)/ },
      handler(code) {
        const { body } = this.parse(code) as unknown as { body: Statement[] }
        return { code: slim(code, body), map: null }
      },
    },
  }
}

/** The module with what is not read cut out; `body` are its statements. */
export function slim(code: string, body: Statement[]): string {
  const schemas = new Set(['z'])
  const cuts: Cut[] = []
  for (const statement of body) {
    for (const { local } of statement.specifiers ?? [])
      if (/^[A-Z]/.test(local.name ?? '')) schemas.add(local.name ?? '')
    const { declarations = [] } = statement.declaration ?? statement
    for (const { id, init } of declarations) {
      if (init?.type !== 'CallExpression') continue
      if (rootOf(init) === 'defineRoute') cuts.push(...cutsOf(init))
      if (!schemas.has(rootOf(init))) continue
      schemas.add(id.name ?? '')
      cuts.push({ start: init.start, end: init.end, by: 'z' })
    }
  }
  // From the end, so that what is still to be cut keeps its place.
  return cuts.reverse().reduce((text, { start, end, by }) => {
    const rest = text.slice(end)
    return text.slice(0, start) + by + (by === '' ? rest.replace(/^\s*,/, '') : rest)
  }, code)
}

/** `z.string().min(1)` -> `z` */
function rootOf(node: Node & { callee?: Node; object?: Node }): string {
  const inner = node.callee ?? node.object
  return inner ? rootOf(inner) : (node.name ?? '')
}

function cutsOf(route: Call): Cut[] {
  const { properties = [] } = (route.arguments[0] ?? {}) as { properties?: (Node & { key?: Node })[] }
  return properties
    .filter(({ key }) => serverOnly.has(key?.name ?? ''))
    .map(({ start, end }) => ({ start, end, by: '' }))
}
