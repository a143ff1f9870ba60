import type { ComponentChildren } from 'preact'

interface PageHeaderProps {
  title: ComponentChildren
  lead?: ComponentChildren
  actions?: ComponentChildren
}

/** The page's one h1, a line under it and its buttons. */
export function PageHeader({ title, lead, actions }: PageHeaderProps) {
  return (
    <header class="page-header">
      <div>
        <h1>{title}</h1>
        {lead && <p class="page-lead">{lead}</p>}
      </div>
      {actions && <div class="row">{actions}</div>}
    </header>
  )
}
