import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { safePath } from './next-path.ts'

const test = suite('the page to come back to')

test('is a path of this site [AUTH-05]', () => {
  const fine: [given: string | undefined, path: string][] = [
    [undefined, '/'],
    ['/', '/'],
    ['/live/one?x=1&y=%2F#top', '/live/one?x=1&y=%2F#top'],
    ['/live/../account', '/account'],
    ['/a//b', '/a//b'],
    ['/?next=https://evil.test', '/?next=https://evil.test'],
    ['/@evil.test', '/@evil.test'],
    ['/%2f%2fevil.test', '/%2f%2fevil.test'],
    ['/%5cevil.test', '/%5cevil.test'],
    ['/é ü', '/%C3%A9%20%C3%BC'],
  ]
  for (const [given, path] of fine) assert.is(safePath(given), path, given)
})

test('is never another site [AUTH-05]', () => {
  const tab = String.fromCharCode(9)
  const elsewhere = [
    '',
    'evil.test',
    'https://evil.test',
    'HTTPS://evil.test/',
    '//evil.test',
    '///evil.test',
    '/\\evil.test',
    '\\\\evil.test',
    '/\\/evil.test',
    '/a\\b',
    '/.//evil.test',
    '/a/..//evil.test',
    '/%2e//evil.test',
    `/${tab}/evil.test`,
    `${tab}//evil.test`,
    '/\r\nlocation: https://evil.test',
    '/\n/evil.test',
    '/\u0000/evil.test',
    ' //evil.test',
    'javascript:alert(1)',
    'data:text/html,x',
    './/evil.test',
    '?x',
    '#x',
  ]
  for (const text of elsewhere) assert.is(safePath(text), '/', JSON.stringify(text))
})

test.run()
