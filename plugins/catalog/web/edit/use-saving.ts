import { useState } from 'preact/hooks'
import { asProblem } from '#web'

export interface Saving {
  isBusy: boolean
  /** By the first part of the pointer: `credits` for `/credits/0/name`. */
  errors: Record<string, string>
  message: string | null
  /** Runs the request; keeps what it refuses to be shown at the fields. */
  save(work: () => Promise<void>): Promise<void>
}

/** A form's request: busy, refused at these fields, or done. */
export function useSaving(): Saving {
  const [isBusy, setBusy] = useState(false)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [message, setMessage] = useState<string | null>(null)
  const save = async (work: () => Promise<void>) => {
    setBusy(true)
    setErrors({})
    setMessage(null)
    try {
      await work()
    } catch (error) {
      const problem = asProblem(error)
      const fields = Object.entries(problem.fields)
      setErrors(
        Object.fromEntries(
          fields.map(([name, text]) => [name.replace(/^change[./]/, '').split(/[./]/)[0] ?? name, text]),
        ),
      )
      setMessage(problem.message)
    } finally {
      setBusy(false)
    }
  }
  return { isBusy, errors, message, save }
}
