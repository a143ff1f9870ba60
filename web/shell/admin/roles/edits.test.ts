import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { admin } from '#contract'
import {
  asksSecondFactor,
  byOwner,
  changesOf,
  countOf,
  editPermission,
  editSecondFactor,
  isTicked,
  mayGive,
} from './edits.ts'

const role = (name: string, permissions: string[], needsSecondFactor = false): admin.RoleView => ({
  name,
  title: name,
  isBuiltIn: true,
  needsSecondFactor,
  permissions,
  accounts: 1,
})
const owner = role('owner', ['a.see', 'a.do', 'b.see'])
const crew = role('crew', ['a.see'])
const press = role('press', [], true)
const roles = [owner, crew, press]

const test = suite('the matrix of roles')

test('what was ticked and unticked again is no change', () => {
  const ticked = editPermission({}, 'crew', 'a.do', true)
  assert.is(isTicked(ticked, crew, 'a.do'), true)
  assert.equal(changesOf(roles, ticked), [
    { role: 'crew', allow: ['a.do'], deny: [], needsSecondFactor: undefined },
  ])
  const back = editPermission(ticked, 'crew', 'a.do', false)
  assert.is(isTicked(back, crew, 'a.do'), false)
  assert.equal(changesOf(roles, back), [])
})

test('a change names what is given and what is taken, role by role', () => {
  let edits = editPermission({}, 'crew', 'b.see', true)
  edits = editPermission(edits, 'crew', 'a.see', false)
  edits = editPermission(edits, 'press', 'a.see', true)
  const changes = changesOf(roles, edits)
  assert.equal(changes, [
    { role: 'crew', allow: ['b.see'], deny: ['a.see'], needsSecondFactor: undefined },
    { role: 'press', allow: ['a.see'], deny: [], needsSecondFactor: undefined },
  ])
  assert.is(countOf(changes), 3)
})

test('two factors are a change only where they differ, and leave the ticks alone', () => {
  assert.equal(changesOf(roles, editSecondFactor({}, 'press', true)), [])
  const edits = editSecondFactor(editPermission({}, 'press', 'a.see', true), 'press', false)
  assert.is(asksSecondFactor(edits, press), false)
  assert.is(asksSecondFactor(edits, crew), false)
  const changes = changesOf(roles, edits)
  assert.equal(changes, [{ role: 'press', allow: ['a.see'], deny: [], needsSecondFactor: false }])
  assert.is(countOf(changes), 2)
})

test('once saved, the same ticks are no change any more', () => {
  const edits = editPermission({}, 'crew', 'a.do', true)
  assert.equal(changesOf([role('crew', ['a.see', 'a.do'])], edits), [])
})

test('the owner may do everything, whatever is ticked', () => {
  const edits = editPermission({}, 'owner', 'a.see', false)
  assert.is(isTicked(edits, owner, 'a.see'), true)
  assert.is(isTicked({}, role('owner', []), 'new.thing'), true)
  assert.equal(changesOf(roles, edits), [])
  assert.equal(changesOf(roles, editSecondFactor({}, 'owner', true)), [
    { role: 'owner', allow: [], deny: [], needsSecondFactor: true },
  ])
})

test('an edit of a role that is gone is no change', () => {
  assert.equal(changesOf([owner], editPermission({}, 'crew', 'a.do', true)), [])
})

test('permissions stand together by who declares them', () => {
  const of = (name: string, owner: string) => ({ name, owner, title: name })
  const groups = byOwner([of('a.see', 'a'), of('b.see', 'b'), of('a.do', 'a')])
  assert.equal(
    groups.map(({ owner, permissions }) => [owner, permissions.map(({ name }) => name)]),
    [
      ['a', ['a.see', 'a.do']],
      ['b', ['b.see']],
    ],
  )
})

test('a role can be given by who may do all of it', () => {
  assert.is(mayGive(crew, ['a.see', 'b.see']), true)
  assert.is(mayGive(owner, ['a.see', 'b.see']), false)
  assert.is(mayGive(press, []), true)
})

test.run()
