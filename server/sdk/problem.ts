import type { Problem } from '#contract'

/** A refusal on its way to the caller. Recognised by class and `problem.name`, never by its text. */
export class ProblemError extends Error {
  readonly problem: Problem
  readonly detail: string | undefined
  readonly errors: { pointer: string; message: string }[] | undefined
  readonly retryAfterS: number | undefined
  constructor(
    problem: Problem,
    detail?: string,
    more?: { errors?: { pointer: string; message: string }[]; retryAfterS?: number },
  ) {
    super(detail ?? problem.title)
    this.problem = problem
    this.detail = detail
    this.errors = more?.errors
    this.retryAfterS = more?.retryAfterS
  }
}

/** `throw problem(alreadyLive, 'Another DJ is on air.')` */
export function problem(
  token: Problem,
  detail?: string,
  more?: { errors?: { pointer: string; message: string }[]; retryAfterS?: number },
): ProblemError {
  return new ProblemError(token, detail, more)
}
