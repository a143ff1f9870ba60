/**
 * A failure a person can mend: one sentence and a remedy. The CLI prints both and exits 1 (2 where `isUsage`);
 * never a stack trace.
 */
export class VezaError extends Error {
  readonly remedy: string
  readonly isUsage: boolean
  constructor(message: string, remedy: string, options?: { isUsage?: boolean; cause?: unknown }) {
    super(message, { cause: options?.cause })
    this.remedy = remedy
    this.isUsage = options?.isUsage ?? false
  }
}
