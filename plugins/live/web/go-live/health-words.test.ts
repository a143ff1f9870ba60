import { readFile } from 'node:fs/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Language, setLanguage, useTexts } from '#web'
import { healthTexts } from './health-texts.ts'
import { noteWords } from './health-words.ts'

const at = (path: string) => readFile(new URL(path, import.meta.url), 'utf8')
const values = { seconds: 2.5, frames: 120, kbps: 400, db: -61.2, detail: 'x' }

const translate = () => useTexts(healthTexts)
const wordsIn = (language: Language, codes: string[]): string[] => {
  setLanguage(language)
  const t = translate()
  setLanguage('en')
  return codes.map((code) => noteWords(t, { level: 'warn', code, values }))
}

/** Every code the server can send: literals of its rules and of the ingest's warnings. */
async function codes(): Promise<string[]> {
  const rules = (await at('../../health.ts')).matchAll(/'([a-z]+(?:-[a-z]+)+|interrupted)'/g)
  const warnings = /type WarningCode =([\s\S]*?)\n\n/.exec(await at('../../media/types.ts'))?.[1] ?? ''
  const found = [...rules, ...warnings.matchAll(/'([a-z-]+)'/g)].map(([, code]) => code ?? '')
  return [...new Set(found)]
}

test('words every health code in both languages, with its values [LIVE-17]', async () => {
  const all = await codes()
  assert.ok(all.length >= 13, `only found ${all.join(', ')}`)
  const said = [...wordsIn('en', all), ...wordsIn('fr', all)]
  for (const words of said) assert.not.match(words, /[{}]|no words|ne sait pas dire/, words)
  assert.is(new Set(said).size, 2 * all.length)
})

test('says numbers of a note by locale', () => {
  assert.match(wordsIn('fr', ['uplink-slow'])[0] ?? '', '2,5 s')
})

test('names a code of a newer server instead of saying nothing', () => {
  assert.match(wordsIn('en', ['toString'])[0] ?? '', 'no words for (toString)')
})

test.run()
