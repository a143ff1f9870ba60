import { type JobRun, type ProblemError, problem } from '#sdk'
import { type AssetRow, beginAttempt, changeAsset, findAsset, giveAttemptBack } from './assets.ts'
import { type AssetState, assetFailed, processingFailed } from './contract.ts'
import { type Desk, tell } from './desk.ts'
import { faultOfFile, faultOfTry, refusalOf } from './refusals.ts'

/** As often as the job itself is tried. */
export const mostAttempts = 5

export interface AttemptOf {
  desk: Desk
  asset: AssetRow
  run: JobRun
}

/**
 * One try at a step of an asset in one of these states; does nothing where that step is done or the asset is gone.
 * Tries are counted where they begin, so that a file which kills its worker is given up, too. What is wrong with the
 * file, and the last try, end with the asset `failed` and its refusal; the original stays.
 */
export async function attempt(
  desk: Desk,
  step: { assetId: string; run: JobRun; states: AssetState[] },
  work: (attempt: AttemptOf) => Promise<void>,
): Promise<void> {
  const { db } = desk.ctx
  const { assetId, run, states } = step
  const asset = await beginAttempt(db, assetId, states)
  if (!asset) return
  if (asset.attempts > mostAttempts) return fail(desk, step, problem(processingFailed))
  try {
    await work({ desk, asset, run })
  } catch (error) {
    if (run.signal.aborted) {
      await giveAttemptBack(db, assetId)
      throw error
    }
    const fault = faultOfFile(error)
    if (fault) return fail(desk, step, fault)
    if (asset.attempts < mostAttempts) throw error
    desk.ctx.log.error({ err: error, asset: assetId }, 'a file could not be processed')
    await fail(desk, step, faultOfTry(error))
  }
}

async function fail(
  desk: Desk,
  { assetId, states }: { assetId: string; states: AssetState[] },
  refusal: ProblemError,
): Promise<void> {
  const { db, events } = desk.ctx
  await db.tx(async (db) => {
    const change = { state: 'failed', refusalJson: refusalOf(refusal), progress: 0 } as const
    if (await changeAsset(db, assetId, states, change)) await events.emit(db, assetFailed, { assetId })
  })
  tell(desk, await findAsset(db, assetId))
}
