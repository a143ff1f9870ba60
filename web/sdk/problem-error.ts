import { identity, type Problem, type ProblemBody } from '#contract'
import { language } from './language.ts'
import { frenchTitle } from './problem-words.ts'
import { suspensionWords } from './suspension-words.ts'

const PREFIX = 'urn:veza:problem:'

/** The server writes English; where the page speaks French and knows the refusal, it says so in French. */
function inLanguage(body: ProblemBody): ProblemBody {
  const name = body.type.replace(PREFIX, '')
  if (name === identity.suspended.name) return { ...body, detail: suspensionWords(body) }
  const title = language.peek() === 'fr' ? frenchTitle(name) : undefined
  if (title === undefined) return body
  const { detail: _english, errors, ...rest } = body
  // A field that says no more than the refusal itself says it in the same language.
  const inWords = (message: string) => (message === body.title ? title : message)
  const fields = errors?.map((error) => ({ ...error, message: inWords(error.message) }))
  return { ...rest, title, ...(fields && { errors: fields }) }
}

/** A refusal by the server, or a request that never got an answer (`offline`). Recognised by name, never by text. */
export class ProblemError extends Error {
  readonly body: ProblemBody
  readonly requestId: string | null
  /** Seconds until another try makes sense; null where the server said nothing. */
  readonly retryAfterS: number | null

  constructor(body: ProblemBody, requestId: string | null = null, retryAfterS: number | null = null) {
    const shown = inLanguage(body)
    super(shown.detail ?? shown.title)
    this.name = 'ProblemError'
    this.body = shown
    this.requestId = requestId
    this.retryAfterS = retryAfterS
  }

  /** `live.already-live`, without the prefix. */
  get problem(): string {
    return this.body.type.startsWith(PREFIX) ? this.body.type.slice(PREFIX.length) : this.body.type
  }
  get status(): number {
    return this.body.status
  }
  /** True when this is the refusal that the token names. */
  is(problem: Problem): boolean {
    return this.problem === problem.name
  }
  /** True when the server could not be reached. */
  get isOffline(): boolean {
    return this.problem === 'offline'
  }
  /** What the problem carries beside its own words, as `ticket` and `methods`; the token says which. */
  get members(): Record<string, unknown> {
    return { ...this.body }
  }
  /** Field name -> message, from the pointers (`/title`, `/body/title` and `/data/title` all name `title`). */
  get fields(): Record<string, string> {
    const fields: Record<string, string> = {}
    for (const { pointer, message } of this.body.errors ?? []) {
      const name = pointer.replace(/^#?\/((body|query|params|data)\/)?/, '').replaceAll('/', '.')
      fields[name] ??= message
    }
    return fields
  }
}

/** A refusal known by name only, as `?problem=identity.provider-failed` has it; `known` names those it may be. */
export function problemOf(known: readonly Problem[], name: string | null): ProblemError | null {
  const token = known.find((problem) => problem.name === name)
  if (!token) return null
  return new ProblemError({
    type: PREFIX + token.name,
    title: token.title,
    status: token.status,
    instance: typeof location === 'undefined' ? '' : location.pathname,
  })
}

/** The problem of a request that got no answer, or one that was no answer of ours. */
export function offlineProblem(path: string, status = 0): ProblemError {
  return new ProblemError({
    type: `${PREFIX}${status === 0 ? 'offline' : 'unreadable'}`,
    title: status === 0 ? 'The server could not be reached.' : 'The server’s answer could not be read.',
    status,
    instance: path,
  })
}

/** Any thrown value as a ProblemError. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  const detail = error instanceof Error ? error.message : String(error)
  return new ProblemError({
    type: `${PREFIX}page-broke`,
    title: 'This page broke.',
    detail,
    status: 0,
    instance: typeof location === 'undefined' ? '' : location.pathname,
  })
}
