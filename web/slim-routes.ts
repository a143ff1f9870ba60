import type { Plugin } from 'vite'

/** What only the server reads of a route; pages need its method and path. */
const serverOnly = new Set([
  'summary',
  'query',
  'body',
  'result',
  'access',
  'takes',
  'type',
  'bodyLimit',
  'perMinute',
])

interface Node {
  type: string
  start: number
  end: number
}
interface Property extends Node {
  key?: Node & { name?: string }
}
type Declared = Node & { init?: (Node & { callee: Node & { name?: string }; arguments: Node[] }) | null }

/** Leaves out of the contracts' `export const x = defineRoute({…})` what pages never read: half of the bytes. */
export function slimRoutes(): Plugin {
  return {
    name: 'slim-routes',
    transform: {
      filter: { id: /\/contract(?:\.ts$|\/)/ },
      handler(code) {
        const { body } = this.parse(code) as unknown as { body: Node[] }
        const cuts = body.flatMap(propertiesOf).filter(({ key }) => serverOnly.has(key?.name ?? ''))
        // From the end, so that what is still to be cut keeps its place; the comma after it goes along.
        const slim = cuts.reverse().reduce((text, { start, end }) => {
          return text.slice(0, start) + text.slice(end).replace(/^\s*,/, '')
        }, code)
        return { code: slim, map: null }
      },
    },
  }
}

/** Properties of the object given to each `defineRoute` of a statement. */
function propertiesOf(statement: Node): Property[] {
  const { declaration } = statement as Node & { declaration?: Node & { declarations?: Declared[] } }
  const calls = (declaration?.declarations ?? []).flatMap(({ init }) => init ?? [])
  return calls
    .filter(({ type, callee }) => type === 'CallExpression' && callee.name === 'defineRoute')
    .flatMap((route) => (route.arguments[0] as Node & { properties?: Property[] }).properties ?? [])
}
