import type { Problem } from '#contract'

/** What a refusal may carry; `members` are further members of its body (RFC 9457, section 3.2). */
export interface MoreOfProblem {
  errors?: { pointer: string; message: string }[]
  retryAfterS?: number
  members?: Record<string, unknown>
}

/** A refusal on its way to the caller. Recognised by class and `problem.name`, never by its text. */
export class ProblemError extends Error {
  readonly problem: Problem
  readonly detail: string | undefined
  readonly errors: { pointer: string; message: string }[] | undefined
  readonly retryAfterS: number | undefined
  readonly members: Record<string, unknown> | undefined
  constructor(problem: Problem, detail?: string, more?: MoreOfProblem) {
    super(detail ?? problem.title)
    this.problem = problem
    this.detail = detail
    this.errors = more?.errors
    this.retryAfterS = more?.retryAfterS
    this.members = more?.members
  }
}

/** `throw problem(alreadyLive, 'Another DJ is on air.')` */
export function problem(token: Problem, detail?: string, more?: MoreOfProblem): ProblemError {
  return new ProblemError(token, detail, more)
}
