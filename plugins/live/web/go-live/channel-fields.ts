import { type FormField, slugOf, useSite, useTexts } from '#web'
import { goLiveTexts } from './texts.ts'

/** A new channel's name and address; the address follows from the name unless it is written by hand. */
export function useChannelFields(typed: { title: string; slug: string }) {
  const t = useTexts(goLiveTexts)
  const { url } = useSite()
  const placeholder = slugOf(typed.title)
  const slug = typed.slug.trim() || placeholder
  const fields: FormField<'title' | 'slug'>[] = [
    { name: 'title', label: t('name'), placeholder: t('namePlaceholder'), maxLength: 120 },
    {
      name: 'slug',
      label: t('slug'),
      hint: t('slugHint', { url: `${url}/live/${slug || '…'}` }),
      placeholder,
      maxLength: 40,
      isOptional: true,
    },
  ]
  return { slug, fields }
}
