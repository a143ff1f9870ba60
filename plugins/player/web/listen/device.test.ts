import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { madeAt } from '../../heard.ts'
import { readUserAgent } from './device.ts'
import { newStartId } from './start-id.ts'

const words = (text: string) => {
  const { browser, system } = readUserAgent(text)
  return `${browser} ${system}`
}

test('browsers and systems by the text they send [PLAY-05]', () => {
  const mozilla = 'Mozilla/5.0'
  const webkit = 'AppleWebKit/537.36 (KHTML, like Gecko)'
  const cases = {
    [`${mozilla} (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0`]: 'Firefox Linux',
    [`${mozilla} (Windows NT 10.0; Win64; x64) ${webkit} Chrome/142.0 Safari/537.36 Edg/142.0`]:
      'Edge Windows',
    [`${mozilla} (Linux; Android 16; Pixel 9) ${webkit} Chrome/142.0 Mobile Safari/537.36`]: 'Chrome Android',
    [`${mozilla} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1 Version/19.0 Safari/605.1`]:
      'Safari Mac',
    [`${mozilla} (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 CriOS/142 Mobile Safari/604`]:
      'Chrome iPhone',
    curl: 'null null',
  }
  for (const [text, expected] of Object.entries(cases)) assert.is(words(text), expected)
})

test('the id of a start tells its moment, as the server reads it [PLAY-13]', () => {
  const at = Date.parse('2026-11-22T08:00:00.123Z')
  const id = newStartId(at)
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.is(madeAt(id), at)
  assert.is.not(newStartId(at), id)
})

test.run()
