import type { AnchorHTMLAttributes, ButtonHTMLAttributes, ComponentChildren } from 'preact'
import { Icon, type IconName } from './icons.tsx'

/** `main` once a page; `soft` for the rest; `plain` without an edge; `danger` for what destroys. */
export type ButtonLook = 'main' | 'soft' | 'plain' | 'danger'
interface Shared {
  look?: ButtonLook
  icon?: IconName
  children?: ComponentChildren
}
type ButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'icon'> &
  Shared & {
    /** Work is under way: the button keeps its size, cannot be pressed again and says so to screen readers. */
    isBusy?: boolean
  }

export function Button({ look = 'soft', icon, isBusy, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      class={`button button-${look}${isBusy ? ' is-busy' : ''}`}
      disabled={disabled || isBusy}
      aria-busy={isBusy || undefined}
    >
      {icon && <Icon name={icon} size={18} />}
      {children}
    </button>
  )
}

type LinkProps = Pick<AnchorHTMLAttributes<HTMLAnchorElement>, 'download' | 'onClick' | 'aria-label'> &
  Shared & { href: string }

/** A link that looks like a button, for going somewhere. */
export function ButtonLink({ look = 'soft', icon, children, ...rest }: LinkProps) {
  return (
    <a {...rest} class={`button button-${look}`}>
      {icon && <Icon name={icon} size={18} />}
      {children}
    </a>
  )
}

/** A round button with a drawing only; `label` is its name for all who do not see the drawing. */
export function IconButton({
  icon,
  label,
  ...rest
}: Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'icon'> & { icon: IconName; label: string }) {
  return (
    <button type="button" {...rest} class="icon-button" aria-label={label} title={label}>
      <Icon name={icon} />
    </button>
  )
}
