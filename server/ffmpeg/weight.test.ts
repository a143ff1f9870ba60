import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('what is loaded to run ffmpeg')
const loaded = /^(?:import|export) (?!type\b)(?:[^'"]*? from )?'([^']+)'/gm

/** Everything that is loaded with a file, by its own words. */
function closureOf(entry: URL): Set<string> {
  const found = new Set<string>()
  const open = [entry]
  for (const file of open)
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(loaded)) {
      const next = name.startsWith('.') ? new URL(name, file) : null
      const id = next ? fileURLToPath(next) : name
      if (!found.has(id) && next) open.push(next)
      found.add(id)
    }
  return found
}

test('is small: the ingest loads it in the middle of its work, with the first source to decode [LIVE-05]', () => {
  const all = [...closureOf(new URL('./index.ts', import.meta.url))]
  assert.ok(all.some((name) => name.endsWith('stream.ts')))
  const outside = all.filter((name) => !name.includes('/') && !name.startsWith('node:'))
  assert.equal(outside, [], 'the contract brings zod with it, the SDK the contract')
})

test.run()
