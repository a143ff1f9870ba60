import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { atTime, embedCode, readClock, shareRelease, shareTrack } from './wish.ts'

const release = {
  href: '/releases/low-tide',
  slug: 'low-tide',
  title: 'Low Tide',
  status: 'published',
} as const

test('a link may begin at a time, and keeps the secret of what is unlisted [PLAY-15]', () => {
  assert.is(atTime('/tracks/1', 83_900), '/tracks/1?t=83')
  assert.is(atTime('/tracks/1?key=a%20b', 83_000), '/tracks/1?key=a+b&t=83')
  assert.is(atTime('/tracks/1?key=x', null), '/tracks/1?key=x')
  const unlisted = { ...release, visibility: 'unlisted', href: '/releases/low-tide?key=s%26e' }
  const track = shareTrack({ id: '1', title: 'One', release: unlisted as never })
  assert.equal([track.href, track.embedKey], ['/tracks/1?key=s%26e', null])
})

test('only what is for everybody has an embed [PLAY-15] [BEY-08]', () => {
  assert.is(shareRelease({ ...release, visibility: 'public' }).embedKey, 'low-tide')
  for (const visibility of ['members', 'unlisted', 'private'] as const)
    assert.is(shareRelease({ ...release, visibility }).embedKey, null, visibility)
  assert.is(shareRelease({ ...release, status: 'draft', visibility: 'public' }).embedKey, null)
})

test('the code for other pages has its size, and words in it stay words [BEY-08]', () => {
  const wish = shareRelease({ ...release, title: `"><script>'&`, visibility: 'public' })
  const code = embedCode('https://label.test', wish)
  assert.match(code, 'src="https://label.test/embed/release/low-tide" width="480" height="420"')
  assert.match(code, /^<iframe [^<>]*><\/iframe>$/)
  assert.match(code, 'title="&#34;&#62;&#60;script&#62;&#39;&#38;"')
})

test('reads a clock as people write it', () => {
  assert.equal(['1:23', '83', '1:02:03', ' 0:05 '].map(readClock), [83_000, 83_000, 3_723_000, 5000])
  for (const text of ['', '1:', 'abc', '1:2:3:4', '-1']) assert.is(readClock(text), null, text)
})

test.run()
