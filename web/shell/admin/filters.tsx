import { useEffect, useState } from 'preact/hooks'
import { navigate, path, query } from '../../sdk/location.ts'
import { Field } from '../../ui/field.tsx'

/** What a list is narrowed by, kept in the page's address: going back, and a link sent to somebody, keep it. */
export function useFilters<Name extends string>(
  names: readonly Name[],
): [values: Record<Name, string>, set: (name: Name, value: string) => void] {
  const given = query.value
  const values = Object.fromEntries(names.map((name) => [name, given.get(name) ?? ''])) as Record<
    Name,
    string
  >
  const set = (name: Name, value: string) => {
    const next = new URLSearchParams(query.peek())
    if (value) next.set(name, value)
    else next.delete(name)
    const text = next.toString()
    navigate(text ? `${path.peek()}?${text}` : path.peek(), { replace: true })
  }
  return [values, set]
}

/** Only what is set, as a route's query takes it. */
export function givenOnly<Values extends Record<string, string>>(values: Values): Partial<Values> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '')) as Partial<Values>
}

const PAUSE_MS = 300

interface SearchFieldProps {
  name: string
  label: string
  value: string
  onValue(value: string): void
  placeholder?: string
}

/** A search that waits for a pause in typing. */
export function SearchField({ value, onValue, ...rest }: SearchFieldProps) {
  const [typed, setTyped] = useState(value)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the pause
  useEffect(() => {
    if (typed.trim() === value) return undefined
    const timer = setTimeout(() => onValue(typed.trim()), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed])
  return <Field {...rest} type="search" value={typed} onValue={setTyped} maxLength={100} autocomplete="off" />
}
