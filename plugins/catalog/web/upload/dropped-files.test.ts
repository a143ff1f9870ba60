import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { chosen } from './dropped-files.ts'

const of = (...paths: string[]) =>
  chosen(paths.map((relativePath) => ({ relativePath }))).map(({ relativePath }) => relativePath)

test('an album goes in the order of its names, its cover last, and nothing of the system [FILE-01] [FILE-06]', () => {
  const sent = of(
    'Album/back.jpg',
    'Album/10 Ten.flac',
    'Album/Front.JPG',
    'Album/2 Two.flac',
    'Album/.DS_Store',
    'Album/Thumbs.db',
    'Album/liner notes.pdf',
    'Album/Scans/page 1.png',
  )
  assert.equal(sent, ['Album/2 Two.flac', 'Album/10 Ten.flac', 'Album/liner notes.pdf', 'Album/Front.JPG'])
})

test('each album has its own cover, one of discs the one above them [FILE-01] [FILE-06]', () => {
  const sent = of('A/CD1/1.wav', 'A/CD2/1.wav', 'A/cover.png', 'B/1.wav', 'B/b.webp', 'C/1.wav', 'C.jpg')
  assert.equal(sent, ['A/CD1/1.wav', 'A/CD2/1.wav', 'B/1.wav', 'C/1.wav', 'A/cover.png', 'B/b.webp'])
  assert.equal(of('1.wav', 'cover.jpg', 'back.jpg'), ['1.wav', 'cover.jpg'])
})

test('pictures alone are all sent, to be told what is wrong with them [FILE-03]', () => {
  assert.equal(of('b.png', 'a.jpg'), ['a.jpg', 'b.png'])
  assert.equal(of('.hidden'), [])
})

test.run()
