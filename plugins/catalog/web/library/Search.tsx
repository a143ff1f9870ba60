import { useEffect, useState } from 'preact/hooks'
import { Field, navigate, path, query } from '#web'

/** Reads and writes one word of the address: what is searched can be linked to and survives going back. */
export function useAddressWord(name: string): [string, (value: string) => void] {
  const value = query.value.get(name) ?? ''
  const set = (next: string) => {
    const words = new URLSearchParams(query.value)
    if (next) words.set(name, next)
    else words.delete(name)
    const text = words.toString()
    navigate(text ? `${path.value}?${text}` : path.value, { replace: true })
  }
  return [value, set]
}

/** A search field that follows typing a moment later. */
export function Search({ label }: { label: string }) {
  const [q, setQ] = useAddressWord('q')
  const [typed, setTyped] = useState(q)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed counts
  useEffect(() => {
    const timer = setTimeout(() => typed.trim() !== q && setQ(typed.trim()), 200)
    return () => clearTimeout(timer)
  }, [typed])
  return <Field name="q" label={label} value={typed} onValue={setTyped} maxLength={80} />
}
