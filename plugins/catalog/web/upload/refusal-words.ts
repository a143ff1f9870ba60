import { ProblemError } from '#web'

interface Refused {
  title: string
  detail?: string | null | undefined
}

/** Why a file was not taken: what the server found in it, then what to do about it. */
export function wordsOf(name: string, { title, detail }: Refused): string {
  const type = `urn:veza:problem:${name}`
  const { body } = new ProblemError({ type, title, status: 422, instance: '', ...(detail && { detail }) })
  return [body.detail, body.title].filter(Boolean).join(' ')
}
