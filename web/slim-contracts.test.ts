import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseAst } from 'vite'
import { slim } from './slim-contracts.ts'

const slimmed = (code: string) => slim(code, parseAst(code).body as unknown as Parameters<typeof slim>[1])

test('a route keeps its method and path, and nothing that only the server reads', () => {
  const code = `import { z } from 'zod'
export const rename = defineRoute({ method: 'PATCH', path: '/api/v1/x/{id}', access: 'signed-in', summary: 'Renames', body: z.strictObject({ name: z.string() }), perMinute: 3 })`
  const slim = slimmed(code)
  assert.match(slim, "defineRoute({ method: 'PATCH', path: '/api/v1/x/{id}',")
  assert.not.match(slim, /access|summary|body|perMinute|z\.string/)
})

test('a schema becomes the inert one, also one made of another', () => {
  const code = `import { Id } from './values.ts'
import { z } from 'zod'
export const Row = z.strictObject({ id: Id }).partial()
export const Wide = Row.extend({ note: z.string() })
const list = Id.array()`
  const lines = slimmed(code).split('\n')
  assert.equal(lines.slice(2), ['export const Row = z', 'export const Wide = z', 'const list = z'])
})

test('what is no schema stays', () => {
  const code = `export const names = Object.keys({ a: 1 })
export const problem = defineProblem({ name: 'x.y', status: 403, title: 'No.' })
export const pattern = makePattern()`
  assert.is(slimmed(code), code)
})

test.run()
