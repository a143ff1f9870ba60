import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readable } from './log-lines.ts'
import { print, printError, shown, table } from './output.ts'

const test = suite('what strangers wrote, on the terminal of who reads it')
/** Clears the screen, asks the terminal to answer, sets its title, by eight bits too; turns the line around. */
const evil = [
  '\u001b[2J',
  '\u001b[c',
  '\u001b]0;x\u0007',
  '\u009b2J',
  '\u0090$q"p\u009c',
  '\r',
  '\b',
  '\u202e',
  '\u2028',
]
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/

async function printed(work: () => void): Promise<string> {
  const { write: out } = process.stdout
  const { write: err } = process.stderr
  let said = ''
  const take = (chunk: string | Uint8Array) => {
    said += String(chunk)
    return true
  }
  process.stdout.write = take as typeof out
  process.stderr.write = take as typeof err
  try {
    work()
  } finally {
    process.stdout.write = out
    process.stderr.write = err
  }
  return said
}

test('commands nothing: results, tables, refusals and lines of the log show it as text [OPS-02] [SEC-03]', async () => {
  for (const sign of evil) {
    const text = `Set${sign}List`
    const rows = table(
      ['TITLE', 'BY'],
      [
        [text, 'somebody'],
        [`${text}\nforged`, 'nobody'],
      ],
    )
    const line = JSON.stringify({
      level: 'warn',
      time: '2026-01-01T00:00:00.000Z',
      msg: text,
      agent: text,
      err: { message: text },
    })
    const all = [
      await printed(() => print({}, {}, rows)),
      await printed(() => print({ json: true }, { title: text }, rows)),
      await printed(() => void printError(new Error(text), false)),
      await printed(() => void printError(new Error(text), true)),
      readable(line),
      readable(`${text} that is no JSON`),
    ]
    for (const said of all) assert.not.match(said, obeyed, JSON.stringify(said))
    assert.is(JSON.parse(await printed(() => print({ json: true }, { title: text }, ''))).title, text)
  }
})

test('forges no line: a row and an entry are one each, whatever is in them', () => {
  const forged = '\n2026-01-01 00:00:00  info   all is well'
  assert.is(table(['A'], [[forged]]).split('\n').length, 2)
  const entry = { level: 'warn', time: '2026-01-01T00:00:00.000Z', msg: `x${forged}`, agent: forged }
  assert.is(readable(JSON.stringify(entry)).split('\n').length, 1)
})

test('is left as it is where it is only text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      fc.pre(!obeyed.test(text))
      assert.is(shown(text), text)
    }),
  )
})

test.run()
