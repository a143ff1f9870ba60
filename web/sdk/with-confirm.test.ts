import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { identity, type Problem } from '#contract'
import { ProblemError } from './problem-error.ts'
import { identityQuestion, withConfirm } from './with-confirm.ts'

function refusal({ name, title, status }: Problem, members: Record<string, unknown> = {}): ProblemError {
  return new ProblemError({ type: `urn:veza:problem:${name}`, title, status, instance: '/x', ...members })
}

/** Work that is refused by each of these, then done. */
function refusedBy(...refusals: ProblemError[]): { work: () => Promise<string>; tries(): number } {
  let tries = 0
  return {
    work: async () => {
      const next = refusals[tries++]
      if (next) throw next
      return 'done'
    },
    tries: () => tries,
  }
}

async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  )
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

test('asks for nothing where the server wants nothing', async () => {
  assert.is(await withConfirm(refusedBy().work), 'done')
  assert.is(identityQuestion.peek(), null)
})

test('asks who sits there, then does the work', async () => {
  const { work, tries } = refusedBy(refusal(identity.confirmNeeded))
  const result = withConfirm(work)
  await nextTurn()
  assert.is(identityQuestion.peek()?.methods, null)
  identityQuestion.peek()?.answer(true)
  assert.is(await result, 'done')
  assert.is(tries(), 2)
  assert.is(identityQuestion.peek(), null)
})

test('says which second factors would do where a password does not', async () => {
  const { work } = refusedBy(refusal(identity.confirmNeeded, { methods: ['totp'] }))
  const result = withConfirm(work)
  await nextTurn()
  assert.equal(identityQuestion.peek()?.methods, ['totp'])
  identityQuestion.peek()?.answer(true)
  assert.is(await result, 'done')
})

test('whoever closes the question has nothing done', async () => {
  const { work, tries } = refusedBy(refusal(identity.confirmNeeded))
  const result = thrownBy(withConfirm(work))
  await nextTurn()
  identityQuestion.peek()?.answer(false)
  assert.ok(((await result) as ProblemError).is(identity.confirmNeeded))
  assert.is(tries(), 1)
})

test('other refusals are thrown as they are', async () => {
  const { work, tries } = refusedBy(refusal(identity.lastWayIn))
  assert.ok(((await thrownBy(withConfirm(work))) as ProblemError).is(identity.lastWayIn))
  assert.is(tries(), 1)
  assert.is(identityQuestion.peek(), null)
})

test('does not ask for ever', async () => {
  const always = refusal(identity.confirmNeeded)
  const { work, tries } = refusedBy(always, always, always, always)
  const result = thrownBy(withConfirm(work))
  for (let question = 0; question < 2; question++) {
    await nextTurn()
    identityQuestion.peek()?.answer(true)
  }
  assert.is(await result, always)
  assert.is(tries(), 3)
})

test('two that ask at once share one answer', async () => {
  const works = [1, 2].map(() => withConfirm(refusedBy(refusal(identity.confirmNeeded)).work))
  await nextTurn()
  identityQuestion.peek()?.answer(true)
  assert.equal(await Promise.all(works), ['done', 'done'])
})

test.run()
