import { conflict, internal, invalidInput, type ProblemBody, storageFull, type z } from '#contract'
import { isDiskFull, isUniqueViolation } from '../db/index.ts'
import { ProblemError, problem } from '../sdk/index.ts'

/**
 * Any error as a refusal; what is not one is `internal` and shows no text. Of two who wanted at the same moment what only
 * one can have, the second gets `conflict`, wherever the place itself does not say it better (`unlessTaken`).
 */
export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  if (isDiskFull(error) || (error as NodeJS.ErrnoException)?.code === 'ENOSPC') return problem(storageFull)
  return problem(isUniqueViolation(error) ? conflict : internal)
}

type Finding = { pointer: string; message: string }

/** RFC 9457. */
export function bodyOf(error: ProblemError, instance: string): ProblemBody {
  return {
    ...error.members,
    type: `urn:veza:problem:${error.problem.name}`,
    title: error.problem.title,
    status: error.problem.status,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    instance,
    ...(error.errors === undefined ? {} : { errors: error.errors }),
  }
}

/** zod's findings as pointers into the body or query. */
export function inputProblem(error: z.ZodError, root = ''): ProblemError {
  const errors = error.issues.flatMap((issue) => findingsOf(issue, root, []))
  return problem(invalidInput, errors[0]?.message, { errors })
}

/** Of a choice of shapes, those of the nearest one: the one with the least to say against it. */
function findingsOf(issue: z.core.$ZodIssue, root: string, above: PropertyKey[]): Finding[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      pointer: pointer(root, [...path, key]),
      message: 'This field is not known here.',
    }))
  const [nearest] = issue.code === 'invalid_union' ? issue.errors.toSorted((a, b) => a.length - b.length) : []
  if (nearest?.length) return nearest.flatMap((inner) => findingsOf(inner, root, path))
  return [{ pointer: pointer(root, path), message: issue.message }]
}

function pointer(root: string, path: PropertyKey[]): string {
  return `${root}/${path.map(String).join('/')}`
}
