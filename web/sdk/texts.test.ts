import { globSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { pickLanguage, setLanguage } from './language.ts'
import { defineTexts, fillText, type Text, type Texts, useTexts } from './texts.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

function braces(text: Text): string[] {
  const patterns = typeof text === 'string' ? [text] : Object.values(text)
  return [...new Set(patterns.flatMap((pattern) => pattern.match(/\{\w+\}/g) ?? []))].sort()
}

async function catalogues(): Promise<[string, Texts<Record<string, Text>>][]> {
  const files = globSync(['web/**/texts.ts', 'plugins/*/web/**/texts.ts'], { cwd: ROOT })
  const found: [string, Texts<Record<string, Text>>][] = []
  for (const file of files) {
    const module = (await import(pathToFileURL(ROOT + file).href)) as Record<string, unknown>
    for (const value of Object.values(module)) {
      if ((value as { kind?: string } | null)?.kind === 'texts')
        found.push([file, value as Texts<Record<string, Text>>])
    }
  }
  return found
}

test('every catalogue has the same keys in both languages, with the same values in the braces', async () => {
  const all = await catalogues()
  assert.ok(all.length >= 5, `only ${all.length} catalogues were found`)
  for (const [file, { en, fr }] of all) {
    assert.equal(Object.keys(fr).sort(), Object.keys(en).sort(), file)
    for (const [key, text] of Object.entries(en))
      assert.equal(braces(fr[key] ?? ''), braces(text), `${file}: ${key}`)
  }
})

test('no text is left empty and none shouts', async () => {
  for (const [file, { en, fr }] of await catalogues()) {
    for (const [key, text] of [...Object.entries(en), ...Object.entries(fr)]) {
      for (const pattern of typeof text === 'string' ? [text] : Object.values(text)) {
        assert.ok(pattern.trim().length > 0, `${file}: ${key} is empty`)
        assert.not.match(pattern, /!/, `${file}: ${key}`)
      }
    }
  }
})

test('French counts nothing as one, English as many', () => {
  const viewers = { one: '{count} person', other: '{count} people' }
  const spectateurs = { one: '{count} personne', other: '{count} personnes' }
  assert.is(fillText('en', viewers, { count: 0 }), '0 people')
  assert.is(fillText('en', viewers, { count: 1 }), '1 person')
  assert.is(fillText('fr', spectateurs, { count: 0 }), '0 personne')
  assert.is(fillText('fr', spectateurs, { count: 2 }), '2 personnes')
  assert.is(fillText('fr', spectateurs, { count: 1_000_000 }), '1\u202f000\u202f000 personnes')
})

test('a value that is not given leaves its brace, and values are never read as patterns', () => {
  assert.is(fillText('en', 'Hello {name}', {}), 'Hello {name}')
  assert.is(fillText('en', 'Hello {name}', { name: '$& {name}' }), 'Hello $& {name}')
})

test('texts follow the language of the page', () => {
  const texts = defineTexts({ en: { hello: 'Hello {name}' }, fr: { hello: 'Bonjour {name}' } })
  setLanguage('fr')
  assert.is(useTexts(texts)('hello', { name: 'Nina' }), 'Bonjour Nina')
  setLanguage('en')
  assert.is(useTexts(texts)('hello', { name: 'Nina' }), 'Hello Nina')
})

test('French marks do not fall onto a line of their own', () => {
  assert.is(
    fillText('fr', 'Qui ? « {name} » : oui', { name: 'Nina' }),
    'Qui\u00a0? «\u00a0Nina\u00a0»\u00a0: oui',
  )
  assert.is(fillText('en', 'Who ? {name}', { name: 'Nina' }), 'Who ? Nina')
})

test('picks the first language it has, English otherwise', () => {
  assert.is(pickLanguage([undefined, 'de-DE', 'fr-CA', 'en']), 'fr')
  assert.is(pickLanguage(['ja', null]), 'en')
})

test.run()
