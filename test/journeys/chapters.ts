import { test } from 'uvu'
import type { OpenStage, Stage } from './stage.ts'

/** Tests that go on from each other on one stage; after one that failed, the rest say so at once. */
export function inChapters(
  stage: () => OpenStage,
): (name: string, tell: (stage: Stage) => Promise<void>) => void {
  let lost = ''
  return (name, tell) =>
    test(name, async () => {
      if (lost) throw new Error(`Not told, as this failed: ${lost}`)
      lost = name
      await stage().play(tell)
      lost = ''
    })
}
