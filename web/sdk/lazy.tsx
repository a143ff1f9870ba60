import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { ProblemError } from './problem-error.ts'
import { asProblem } from './problem-error.ts'

type Loader<Props> = () => Promise<{ default: ComponentType<Props> }>
const loaded = new Map<unknown, ComponentType<never>>()

/** Loads a part ahead, so that it is there at the first render. */
export async function preload<Props>(load: Loader<Props>): Promise<ComponentType<Props>> {
  const part = (await load()).default
  loaded.set(load, part as ComponentType<never>)
  return part
}

/** A part of the app by its loader: null while it comes, an error with a way to try again when it does not. */
export function useLoaded<Props>(load: Loader<Props>): {
  Part: ComponentType<Props> | null
  error: ProblemError | null
  retry(): void
} {
  const [tries, setTries] = useState(0)
  const [, setDone] = useState<unknown>(null)
  const [failed, setFailed] = useState<{ load: unknown; error: ProblemError } | null>(null)
  const Part = (loaded.get(load) as ComponentType<Props> | undefined) ?? null
  useEffect(() => {
    if (loaded.has(load)) return
    setFailed(null)
    preload(load).then(
      () => setDone({ load, tries }),
      (error) => setFailed({ load, error: asProblem(error) }),
    )
  }, [load, tries])
  const error = failed?.load === load ? failed.error : null
  return { Part, error, retry: () => setTries(tries + 1) }
}
