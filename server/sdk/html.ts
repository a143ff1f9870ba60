import type { Html } from './page.ts'

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text made safe for HTML text and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}

/** Tagged template: everything put in is escaped, except what `html` made and lists of it. */
export function html(
  strings: TemplateStringsArray,
  ...values: (string | number | Html | Html[] | null | undefined | false)[]
): Html {
  let out = strings[0] ?? ''
  values.forEach((value, index) => {
    out += piece(value) + (strings[index + 1] ?? '')
  })
  return { html: out }
}

function piece(value: string | number | Html | Html[] | null | undefined | false): string {
  if (value === null || value === undefined || value === false) return ''
  if (Array.isArray(value)) return value.map((item) => item.html).join('')
  return typeof value === 'object' ? value.html : escapeHtml(String(value))
}
