import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { admin } from '#contract'
import { asSettings, asValues, changesOf } from './fields.ts'

const settings = admin.SiteSettings.parse({ title: 'Night Records', registration: 'invitation' })
const test = suite('settings of the label as a form')

test('what is not touched is no change', () => {
  assert.equal(asSettings(asValues(settings)), settings)
  assert.equal(changesOf(settings, asSettings(asValues(settings))), {})
})

test('numbers and choices come back as what they are', () => {
  const values = {
    ...asValues(settings),
    keepAuditDays: '90',
    needsVerifiedEmail: 'yes',
    registration: 'closed',
  }
  assert.equal(changesOf(settings, asSettings(values)), {
    keepAuditDays: 90,
    needsVerifiedEmail: true,
    registration: 'closed',
  })
})

test('a mode that is none keeps the door shut', () => {
  assert.is(asSettings({ ...asValues(settings), registration: 'wide' }).registration, 'closed')
})

test.run()
