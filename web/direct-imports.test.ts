import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseAst } from 'vite'
import { homesOf, redirect } from './direct-imports.ts'

const index = fileURLToPath(new URL('./sdk/index.ts', import.meta.url))

test('knows the file of each name of the kit, also through the index of the components', () => {
  const homes = homesOf(index)
  assert.match(homes.get('call') ?? '', /web\/sdk\/call\.ts$/)
  assert.match(homes.get('Button') ?? '', /web\/ui\/button\.tsx$/)
  assert.match(homes.get('NotFound') ?? '', /web\/shell\/not-found\.tsx$/)
})

test('each name is imported from its own file, and under the name it had', () => {
  const code = `import { x } from './x.ts'
import { call, Button as Press, unheard } from '#web'
x(call, Press)`
  const homes = new Map([
    ['call', '/w/call.ts'],
    ['Button', '/w/button.tsx'],
  ])
  const body = parseAst(code).body as unknown as Parameters<typeof redirect>[1]
  assert.equal(redirect(code, body, homes).split('\n'), [
    `import { x } from './x.ts'`,
    `import { call as call } from "/w/call.ts"`,
    `import { Button as Press } from "/w/button.tsx"`,
    `import { unheard as unheard } from "#web"`,
    'x(call, Press)',
  ])
})

test.run()
