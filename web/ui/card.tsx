import type { ComponentChildren } from 'preact'

interface CardProps {
  title?: ComponentChildren
  /** A short line under the title. */
  lead?: ComponentChildren
  /** Buttons at the right of the title. */
  actions?: ComponentChildren
  children?: ComponentChildren
}

/** A raised part of a page that belongs together. */
export function Card({ title, lead, actions, children }: CardProps) {
  return (
    <section class="card">
      {(title || actions) && (
        <header class="card-head">
          {title && <h2>{title}</h2>}
          {actions && <div class="row">{actions}</div>}
        </header>
      )}
      {lead && <p class="card-lead">{lead}</p>}
      {children}
    </section>
  )
}
