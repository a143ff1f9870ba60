import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judgePassword } from './password-policy.ts'
import { passwordWords } from './password-words.ts'

const about = ['ada.lindqvist@fjordmail.test', 'nightowl77', 'Ada Lindqvist', 'Harbour Tapes', 'veza']

test('refuses common passwords, however they are dressed, and what is known of somebody [AUTH-13]', async () => {
  for (const password of [
    'password123',
    'iloveyou2024!',
    'Qwertyuiop123',
    'P@ssw0rd2024',
    'letmein12345',
    '1234567890',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    'abcdefghijkl',
    'qwertyuiop[]',
    '0987654321',
    'football99!!',
    'HarbourTapes1',
    'harbourtapes2024',
    'Lindqvist1990',
    'nightowl77nightowl77',
    'ada.lindqvist@fjordmail.test',
    'fjordmail2024',
  ]) {
    const { isAccepted, reason } = await judgePassword(password, about)
    assert.is(isAccepted, false, password)
    assert.match(reason ?? '', /^[A-Z].+\.$/, password)
  }
})

test('takes long phrases, of any language and script, without rules on signs [AUTH-13]', async () => {
  for (const password of [
    'correct horse battery staple',
    'midnight tram over the river',
    'mémoire du fleuve tranquille',
    'зелёный трамвай у реки',
    '猫が静かに歌う夜の港へ',
    'ngahV4xeiJ2u',
    `${'x'.repeat(3)}seven quiet harbours${'y'.repeat(230)}`,
  ])
    assert.equal(
      await judgePassword(password, about),
      { score: (await judgePassword(password, about)).score, isAccepted: true, reason: null },
      password,
    )
})

test('says why in the language of the reader, in words of its own [AUTH-13]', async () => {
  const reason = async (password: string, language: string) =>
    (await judgePassword(password, about, language)).reason
  const { en, fr } = passwordWords
  assert.is(await reason('short', 'en'), en.short)
  assert.is(await reason('short', 'fr'), fr.short)
  assert.is(await reason('Qwertyuiop123', 'en'), en.warnings.similarToCommon)
  assert.is(await reason('Qwertyuiop123', 'fr'), fr.warnings.similarToCommon)
  assert.is(await reason('lindqvist1', 'fr'), fr.warnings.userInputs)
  assert.equal(Object.keys(en.warnings), Object.keys(fr.warnings))
})

test('judges the beginning of hostile texts alone', async () => {
  const cut = async (text: string) => (await judgePassword(text, about)).score
  for (const text of [
    '4@8({[<369|1!705$7+2%',
    'p4ssw0rd1!|l0v3',
    '1991-12-11',
    '90210',
    'é€😀',
    '\u0000a\ud800',
  ])
    assert.is(await cut(text.repeat(60).slice(0, 256)), await cut(text.repeat(60).slice(0, 64)), text)
  await judgePassword('constructor__proto__', ['__proto__', 'constructor', '\u0000'.repeat(254)])
})

test.run()
