import { useTexts } from '../sdk/texts.ts'
import { Button, IconButton } from './button.tsx'
import { Field } from './field.tsx'
import { uiTexts } from './texts.ts'

export interface LinkRow {
  label: string
  url: string
}
interface LinkRowsProps {
  legend: string
  links: readonly LinkRow[]
  most: number
  /** By field, as `links.0.url`. */
  errors: Record<string, string>
  onLinks(links: LinkRow[]): void
}

/** Links with their names, in an order. */
export function LinkRows({ legend, links, most, errors, onLinks }: LinkRowsProps) {
  const t = useTexts(uiTexts)
  const change = (at: number, part: Partial<LinkRow>) =>
    onLinks(links.map((link, index) => (index === at ? { ...link, ...part } : link)))
  return (
    <fieldset class="link-rows">
      <legend>{legend}</legend>
      {links.map((link, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name while they are written.
        <div class="link-row" key={at}>
          <Field
            name={`link-label-${at}`}
            label={t('linkLabel')}
            value={link.label}
            maxLength={40}
            error={errors[`links.${at}.label`]}
            onValue={(label) => change(at, { label })}
          />
          <Field
            name={`link-url-${at}`}
            label={t('linkUrl')}
            value={link.url}
            placeholder="https://"
            maxLength={500}
            error={errors[`links.${at}.url`]}
            onValue={(url) => change(at, { url })}
          />
          <IconButton
            icon="trash"
            label={t('linkRemove', { name: link.label || link.url })}
            onClick={() => onLinks(links.filter((_link, index) => index !== at))}
          />
        </div>
      ))}
      {links.length < most && (
        <Button icon="plus" onClick={() => onLinks([...links, { label: '', url: '' }])}>
          {t('linkAdd')}
        </Button>
      )}
    </fieldset>
  )
}
