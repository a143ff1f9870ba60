import { makeCover, measureRelease } from '../contract.ts'
import { publishDue } from '../publishing.ts'
import { countUnready, failedSince } from './files.ts'
import { type Run, skipFile } from './run.ts'

/** Until everything below the folder plays, or is known not to; then what waited for that is published. */
export async function waitUntilReady(run: Run): Promise<void> {
  const { ctx, desk, root, result } = run
  await desk.doJobsUntil(async () => {
    const left = await countUnready(ctx.db, root)
    if (left > 0) {
      desk.progress(`${left} tracks are still to be made playable`)
      return false
    }
    return (await desk.isDone(makeCover)) && (await desk.isDone(measureRelease))
  })
  while ((await publishDue(ctx)) > 0);
  for (const row of await failedSince(ctx.db, root, run.startedAt)) {
    if (row.importedAt >= run.startedAt) result.imported -= 1
    else result.known -= 1
    result.found -= 1
    skipFile(run, { name: row.path.slice(root.length).replace(/^\//, '') }, row.fault ?? '', true)
  }
}
