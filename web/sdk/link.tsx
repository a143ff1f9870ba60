import type { AnchorHTMLAttributes } from 'preact'
import { path } from './location.ts'

/** A link within the site; marks itself as the current page for screen readers and styles. */
export function Link({ href, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  const isHere = path.value === href.split(/[?#]/)[0]
  return <a href={href} aria-current={isHere ? 'page' : undefined} {...rest} />
}
