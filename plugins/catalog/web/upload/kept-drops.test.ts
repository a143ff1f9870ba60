import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { goOnWith, type KeptDrop } from './kept-drops.ts'

const fileAt = (path: string, size = 10) => ({
  relativePath: path,
  file: { name: path.split('/').at(-1) ?? '', size, lastModified: 1000 },
})
const keptAt = (path: string, uploadId: string | null, sizeBytes = 10) => ({
  ...{ path, sizeBytes, changedMs: 1000, uploadId },
})
const half: KeptDrop = {
  ...{ batch: 'first', at: 0 },
  files: [keptAt('Album/1.flac', 'u1'), keptAt('Album/2.flac', null), keptAt('Album/3.flac', 'u3')],
}
const album = [fileAt('Album/1.flac'), fileAt('Album/2.flac'), fileAt('Album/3.flac'), fileAt('Album/4.flac')]
const again = (drops: KeptDrop[], files: ReturnType<typeof fileAt>[], there: string[]) => {
  const { batch, files: rest } = goOnWith(drops, files, new Set(there))
  return [batch, rest.map(({ relativePath }) => relativePath)]
}

test('an album of which half has arrived goes on as the same one when it is dropped again [FILE-02]', () => {
  assert.equal(again([half], album, ['u1', 'u3']), ['first', ['Album/2.flac', 'Album/4.flac']])
  assert.equal(again([half], album.slice(0, 1), ['u1']), ['first', []], 'all of it is there')
})

test('what was taken away meanwhile is sent again [FILE-02]', () => {
  const rest = ['Album/1.flac', 'Album/2.flac', 'Album/4.flac']
  assert.equal(again([half], album, ['u3']), ['first', rest])
})

test('a file dropped without its folder is the one that lay in it [FILE-02]', () => {
  assert.equal(again([half], [fileAt('2.flac')], []), ['first', ['Album/2.flac']])
})

test('what is arranged, or is another file, is a drop of its own [FILE-02]', () => {
  const done = { ...half, files: [keptAt('Album/1.flac', 'u1')] }
  assert.equal(again([done], album.slice(0, 1), []), [null, ['Album/1.flac']])
  assert.equal(again([half], [fileAt('Album/2.flac', 11)], []), [null, ['Album/2.flac']])
  assert.equal(again([], album.slice(0, 1), []), [null, ['Album/1.flac']])
})

test.run()
