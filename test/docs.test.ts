import { globSync, readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const pages = globSync(['README.md', 'docs/*.md', 'plugins/*/README.md'])
/** A file of this repository, by its path, perhaps with a `*`. */
const named = /`((?:server|plugins|web|cli|test|docs|deploy|migrations)\/[\w./*-]+\.\w+)`/g

test('every file that the documentation names is there [UX-20]', () => {
  const gone = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(named)].flatMap(([, file = '']) =>
      globSync(file).length === 0 ? [`${page}: ${file}`] : [],
    ),
  )
  assert.equal(gone, [])
  assert.ok(pages.length > 10)
})

test.run()
