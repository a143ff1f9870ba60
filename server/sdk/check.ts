/** A text in the languages of the pages; a bare one is English. */
export type Words = string | { en: string; fr: string }

/** A check of `veza doctor` and the administrator's overview: null is well. */
export interface Check {
  id: string
  title: Words
  /** `veza start` refuses to start on its finding. */
  isVital?: boolean
  run(): Promise<Finding | null>
}
/** What is wrong in one sentence, and what to do about it. */
export interface Finding {
  message: Words
  remedy: Words
}
