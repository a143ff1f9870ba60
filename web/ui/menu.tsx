import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Icon, type IconName } from './icons.tsx'

export interface MenuItem {
  label: string
  icon?: IconName
  /** Either goes somewhere or does something. */
  href?: string
  onPick?(): void
  /** Of several that exclude each other: the chosen one. */
  isOn?: boolean
  isDanger?: boolean
}
interface MenuProps {
  /** Name of the button for screen readers. */
  label: string
  /** What the button shows. */
  children: ComponentChildren
  /** Groups are set apart by a line; `title` names one. */
  groups: { title?: string; items: MenuItem[] }[]
  /** More items (`menu-item`) of others' making, below; they say when the menu may close. */
  more?(close: () => void): ComponentChildren
}

function Item({ item, close }: { item: MenuItem; close(): void }) {
  const role = item.isOn === undefined ? 'menuitem' : 'menuitemradio'
  const className = `menu-item${item.isDanger ? ' is-danger' : ''}`
  const inside = (
    <>
      {item.icon && <Icon name={item.icon} size={18} />}
      <span>{item.label}</span>
      {item.isOn && <Icon name="check" size={16} />}
    </>
  )
  if (item.href) {
    return (
      <a role={role} class={className} href={item.href} tabIndex={-1} onClick={close}>
        {inside}
      </a>
    )
  }
  const pick = () => {
    close()
    item.onPick?.()
  }
  const checked = item.isOn === undefined ? {} : { 'aria-checked': item.isOn }
  return (
    <button type="button" role={role} class={className} tabIndex={-1} {...checked} onClick={pick}>
      {inside}
    </button>
  )
}

/** Moves the focus among the items of the open menu, round at both ends. */
function moveFocus(list: HTMLElement, key: string): boolean {
  const items = [...list.querySelectorAll<HTMLElement>('.menu-item')]
  const at = items.indexOf(document.activeElement as HTMLElement)
  const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }
  const next = steps[key]
  if (next === undefined) return false
  items.at(next % items.length)?.focus()
  return true
}

/** A button that opens a list of choices; arrow keys, Home, End and Escape work. */
export function Menu({ label, children, groups, more }: MenuProps) {
  const id = useId()
  const root = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const [isOpen, setOpen] = useState(false)
  const close = () => {
    setOpen(false)
    root.current?.querySelector('button')?.focus()
  }
  useLayoutEffect(() => {
    if (!isOpen) return undefined
    list.current?.querySelector<HTMLElement>('.menu-item')?.focus()
    const outside = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false)
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [isOpen])
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') close()
    else if (event.key === 'Tab') setOpen(false)
    else if (list.current && moveFocus(list.current, event.key)) event.preventDefault()
  }
  return (
    <div class="menu" ref={root}>
      <button
        type="button"
        class="menu-button"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' || isOpen) return
          event.preventDefault()
          setOpen(true)
        }}
      >
        {children}
      </button>
      {isOpen && (
        <div
          class="menu-list"
          id={id}
          role="menu"
          tabIndex={-1}
          aria-label={label}
          ref={list}
          onKeyDown={onKey}
        >
          {groups.map((group, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: groups never change places
            <fieldset class="menu-group" key={index}>
              {group.title && <legend>{group.title}</legend>}
              {group.items.map((item) => (
                <Item key={item.label} item={item} close={close} />
              ))}
            </fieldset>
          ))}
          {more?.(close)}
        </div>
      )}
    </div>
  )
}
