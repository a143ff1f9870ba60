import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { matchPath, safeNext } from './location.ts'

test('matches paths by their parts', () => {
  assert.equal(matchPath('/live/:slug', '/live/main'), { slug: 'main' })
  assert.equal(matchPath('/live/{slug}', '/live/a%20b/'), { slug: 'a b' })
  assert.equal(matchPath('/', '/'), {})
  assert.equal(matchPath('/docs/*', '/docs/a/b'), {})
  assert.equal(matchPath('/@:name', '/@ann'), { name: 'ann' })
  assert.is(matchPath('/@:name', '/ann'), null)
  assert.is(matchPath('/@:name', '/@'), null)
  assert.is(matchPath('/live/:slug', '/live'), null)
  assert.is(matchPath('/live/:slug', '/live/main/replays'), null)
  assert.is(matchPath('/live/:slug', '/live/%E0%A4%A'), null)
})

test('goes on only to a path of this site after signing in', () => {
  assert.is(safeNext('/admin/jobs?state=failed'), '/admin/jobs?state=failed')
  for (const evil of [
    'https://evil.example/',
    '//evil.example/steal',
    'https://evil.example/steal',
    '/\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '',
    null,
  ])
    assert.is(safeNext(evil), '/', String(evil))
})

test.run()
