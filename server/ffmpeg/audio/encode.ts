import { join } from 'node:path'
import { currentFfmpeg } from '../find.ts'
import { runFfmpeg } from '../run.ts'
import { runLimits } from './analysis.ts'
import { inputArgs, soundOf } from './input.ts'
import { type Recipe, recipeOf } from './profiles.ts'
import type { AudioFacts, AudioFormat, Profile } from './types.ts'

export interface EncodeOptions {
  format: AudioFormat
  facts: AudioFacts
  profiles: readonly Profile[]
  signal: AbortSignal
  maxDurationMs: number
  onProgress: (doneMs: number) => void
}

/** Encoders of this time take a core each: two groups, of about as much work, are made side by side. */
const groupCount = 2

/** Makes every profile. Gives their recipes. The first fault ends all. */
export async function encode(path: string, folder: string, options: EncodeOptions): Promise<Recipe[]> {
  const soxr = await hasSoxr()
  const recipes = [...new Set(options.profiles)].map((profile) => recipeOf(profile, options.facts, soxr))
  const groups = groupsOf(recipes)
  const stop = new AbortController()
  const signal = AbortSignal.any([options.signal, stop.signal])
  const done = groups.map(() => 0)
  const runs = groups.map(async (group, i) => {
    const onProgress = (doneMs: number) => {
      done[i] = Math.min(doneMs, options.facts.durationMs)
      options.onProgress(done.reduce((sum, one) => sum + one) / done.length)
    }
    await encodeGroup(path, folder, group, { ...options, signal, onProgress }).catch((error: unknown) => {
      // Of the others we hear that they were stopped; why, this one says.
      const isFirst = !stop.signal.aborted
      stop.abort(error)
      throw isFirst ? error : stop.signal.reason
    })
    onProgress(options.facts.durationMs)
  })
  for (const end of await Promise.allSettled(runs)) if (end.status === 'rejected') throw end.reason
  return recipes
}

/** The dearest first, each to the group that has least. */
function groupsOf(recipes: readonly Recipe[]): Recipe[][] {
  const groups = Array.from({ length: groupCount }, () => ({ cost: 0, recipes: [] as Recipe[] }))
  for (const recipe of [...recipes].sort((a, b) => b.cost - a.cost)) {
    const [least] = [...groups].sort((a, b) => a.cost - b.cost)
    if (!least) break
    least.recipes.push(recipe)
    least.cost += recipe.cost
  }
  return groups.map((group) => group.recipes).filter((group) => group.length > 0)
}

async function encodeGroup(path: string, folder: string, recipes: Recipe[], options: EncodeOptions) {
  const { graph, labels } = graphOf(recipes, soundOf(options.facts))
  const outputs = recipes.flatMap((recipe, i) => [
    ...['-map', `[${labels[i]}]`, '-map_metadata', '-1', '-map_chapters', '-1'],
    ...[...recipe.args, `file:${join(folder, recipe.file)}`],
  ])
  const limit = ['-t', String(options.maxDurationMs / 1000 + 1)]
  const args = ['-nostats', '-progress', 'pipe:1', ...limit, ...inputArgs(path, options.format)]
  await runFfmpeg([...args, '-filter_complex', graph, ...outputs], {
    ...runLimits(options.signal),
    onOutput: progressReader(options.onProgress),
  })
}

/** Sound of one shape is made once and split for those that take it. */
function graphOf(recipes: readonly Recipe[], sound: string): { graph: string; labels: string[] } {
  const shapes = [...new Set(recipes.map(({ shape }) => shape))]
  const sources = shapes.map((_, i) => `[s${i}]`)
  const parts = [`${sound},asplit=${shapes.length}${sources.join('')}`]
  const labels: string[] = recipes.map((_, i) => `o${i}`)
  for (const [i, shape] of shapes.entries()) {
    const takers = labels.filter((_, index) => recipes[index]?.shape === shape).map((label) => `[${label}]`)
    parts.push(`[s${i}]${shape},asplit=${takers.length}${takers.join('')}`)
  }
  return { graph: parts.join(';'), labels }
}

/** Of `out_time_us=…` lines; before the first packet it says N/A. */
function progressReader(onProgress: (doneMs: number) => void) {
  let rest = ''
  return (chunk: Buffer) => {
    const lines = (rest + chunk.toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const us = /^out_time_us=(\d+)$/.exec(line)?.[1]
      if (us) onProgress(Number(us) / 1000)
    }
  }
}

const soxrOf = new Map<string, boolean>()

async function hasSoxr(): Promise<boolean> {
  const program = (await currentFfmpeg())?.ffmpeg ?? ''
  const known = soxrOf.get(program)
  if (known !== undefined) return known
  const has = (await runFfmpeg(['-version'])).includes('--enable-libsoxr')
  soxrOf.set(program, has)
  return has
}
