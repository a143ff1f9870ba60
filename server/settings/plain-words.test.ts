import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from '#contract'
import { loadConfig } from './load.ts'
import { plainWords } from './plain-words.ts'

const test = suite('words for wrong values')

const said = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value, { error: plainWords }).error?.issues[0]?.message

test('says what to type, and leaves the words of a schema alone', () => {
  const own = 'Give how many codes as a number.'
  assert.equal(
    [
      said(z.string(), undefined),
      said(z.string().min(1), ''),
      said(z.string().max(3), 'four'),
      said(z.number(), 'x'),
      said(z.number().max(16), 17),
      said(z.enum(['public', 'ticket']), 'all'),
      said(z.uuid(), 'x'),
      said(z.number({ error: own }), 'x'),
    ],
    [
      'It is missing.',
      'It is empty.',
      'Use at most 3 characters.',
      'Give a number.',
      'Give a number that is at most 16.',
      'Choose one of public, ticket.',
      'Give an id, as lists show it.',
      own,
    ],
  )
})

test('a wrong value is told to be where it is: in the environment, or in the file', () => {
  const refused = (environment: NodeJS.ProcessEnv, text = '') => {
    try {
      loadConfig('/nowhere', environment, text)
      return ''
    } catch (error) {
      return (error as Error).message
    }
  }
  assert.is(
    refused({ VEZA_HTTP_PORT: 'x' }),
    'The setting "http.port" in the environment (VEZA_HTTP_PORT) is not right: Give a number.',
  )
  assert.is(
    refused({}, 'http:\n  port: x'),
    'The setting "http.port" in /nowhere/config.yaml is not right: Give a number.',
  )
})

test.run()
