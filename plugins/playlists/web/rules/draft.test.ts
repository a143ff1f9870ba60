import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Rule } from '#plugins/catalog'
import { allFields, comparisons, draftOf, kindOf, toDraft, toRule } from './draft.ts'

test('every field and comparison makes a rule the catalogue takes, and comes back into the form [LIST-08]', () => {
  for (const field of allFields)
    for (const is of comparisons[kindOf(field)]) {
      const value = { text: 'House', number: '120,5', date: '30', flag: 'false' }[kindOf(field)]
      const rule = toRule({ field, is, value, to: '128' })
      assert.ok(Rule.safeParse(rule).success, `${field} ${is}`)
      assert.equal(toRule(toDraft(rule as Rule)), rule)
    }
})

test('unfinished rules are none, and another field of the same kind keeps what was typed [LIST-09]', () => {
  for (const draft of [
    { field: 'genre' as const, is: 'is', value: ' ', to: '' },
    { field: 'bpm' as const, is: 'between', value: '120', to: '' },
    { field: 'bpm' as const, is: 'is', value: 'fast', to: '' },
    { field: 'addedAt' as const, is: 'within-days', value: '0', to: '' },
  ])
    assert.is(toRule(draft), null)
  const typed = { field: 'genre' as const, is: 'contains', value: 'tech', to: '' }
  assert.equal(draftOf('artist', typed), { ...typed, field: 'artist' })
  assert.is(draftOf('bpm', typed).value, '')
})

test.run()
