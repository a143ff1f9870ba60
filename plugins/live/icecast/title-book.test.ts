import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { SongTitle } from '../contract.ts'
import { TitleBook } from './title-book.ts'

const test = suite('songs for playlists from the disk')

test('one question serves all who ask at that time, and a database that is away costs no playlist [LIVE-05]', async () => {
  let asked = 0
  const titles: SongTitle[] = [{ atMs: 0, title: 'One' }]
  const book = new TitleBook(async () => {
    asked++
    return titles
  })
  const [first, second] = await Promise.all([book.of('s'), book.of('s')])
  assert.equal([first, asked], [titles, 1])
  assert.is(second, first)
  assert.is(await book.of('s'), first, 'the same array: nothing is written anew')
  const away = new TitleBook(() => Promise.reject(new Error('away')))
  assert.equal(await away.of('s'), [])
})

test.run()
