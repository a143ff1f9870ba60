import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { Link } from '../sdk/link.tsx'
import { path } from '../sdk/location.ts'

/** Tabs that are pages of their own: each has its address. */
export function TabLinks({ label, items }: { label: string; items: { href: string; label: string }[] }) {
  const box = useRef<HTMLElement>(null)
  const at = path.value
  // On a phone the one that is open may be out of sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked for anew on each page
  useEffect(() => {
    const open = box.current?.querySelector('[aria-current="page"]')
    open?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [at])
  return (
    <nav class="tabs" aria-label={label} ref={box}>
      {items.map((item) => (
        <Link key={item.href} class="tab" href={item.href}>
          {item.label}
        </Link>
      ))}
    </nav>
  )
}

interface TabsProps {
  label: string
  items: { id: string; label: string; content: ComponentChildren }[]
  first?: string
  onTab?(id: string): void
}

/** Parts of one page of which one is shown; arrow keys go from tab to tab. */
export function Tabs({ label, items, first, onTab }: TabsProps) {
  const base = useId()
  const [current, setCurrent] = useState(first ?? items[0]?.id ?? '')
  const pick = (id: string) => {
    setCurrent(id)
    onTab?.(id)
  }
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!step) return
    const at = items.findIndex(({ id }) => id === current)
    const next = items.at((at + step) % items.length)
    if (!next) return
    pick(next.id)
    document.getElementById(`${base}-${next.id}`)?.focus()
  }
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} tabIndex={-1} onKeyDown={onKey}>
        {items.map((item) => (
          <button
            key={item.id}
            type="button"
            role="tab"
            class="tab"
            id={`${base}-${item.id}`}
            aria-selected={item.id === current}
            aria-controls={`${base}-${item.id}-panel`}
            tabIndex={item.id === current ? 0 : -1}
            onClick={() => pick(item.id)}
          >
            {item.label}
          </button>
        ))}
      </div>
      {items.map(({ id, content }) => (
        <div
          key={id}
          role="tabpanel"
          id={`${base}-${id}-panel`}
          aria-labelledby={`${base}-${id}`}
          hidden={id !== current}
        >
          {id === current && content}
        </div>
      ))}
    </>
  )
}
