import { writeFile } from 'node:fs/promises'

/** A browser that is told what to do, as a person would do it. */
export interface Driver {
  /** With its version. */
  name: string
  goTo(url: string): Promise<void>
  /** The value of an expression in the page, by way of JSON; promises are waited for. */
  look<T>(expression: string): Promise<T>
  /** Presses what an XPath finds, once it is there. */
  press(xpath: string): Promise<void>
  type(text: string): Promise<void>
  resize(width: number, height: number): Promise<void>
  /** PNG, by base64. */
  shoot(): Promise<string>
  /** What the browser wrote to its console as an error until now. */
  complaints(): string[]
  close(): Promise<void>
}

/** A button or a link by all that is read out of it, or by a part of it where it ends with `…`. */
export function named(name: string): string {
  const isPart = name.endsWith('…')
  const text = isPart ? name.slice(0, -1) : name
  const words = ['@aria-label', 'normalize-space(.)'].map((words) =>
    isPart ? `contains(${words}, "${text}")` : `${words} = "${text}"`,
  )
  return `//*[(self::button or self::a or @role="menuitemradio") and (${words.join(' or ')})]`
}

/** A field by its label. */
export const field = (label: string): string =>
  `//*[self::input or self::textarea][@id = //label[starts-with(normalize-space(.), "${label}")]/@for]`

/** In the page: marks the first that an XPath finds and that can be seen; false where there is none. */
export const mark = (xpath: string): string => `(() => {
  document.querySelector('[data-press]')?.removeAttribute('data-press')
  const found = document.evaluate(${JSON.stringify(xpath)}, document, null, 7, null)
  for (let at = 0; at < found.snapshotLength; at += 1) {
    const node = found.snapshotItem(at)
    if (!node.checkVisibility() || node.disabled) continue
    node.setAttribute('data-press', '')
    node.scrollIntoView({ block: 'center', behavior: 'instant' })
    return true
  }
  return false
})()`
export const marked = '[data-press]'

export async function shootTo(driver: Driver, path: string): Promise<void> {
  await writeFile(path, Buffer.from(await driver.shoot(), 'base64'))
}
