import { Field, IconButton, useTexts } from '#web'
import { allFields, comparisons, draftOf, kindOf, type RuleDraft, type RuleField } from './draft.ts'
import { ruleTexts } from './texts.ts'

interface RuleRowProps {
  draft: RuleDraft
  number: number
  onDraft(draft: RuleDraft): void
  onRemove(): void
}

/** One rule: what, how, and a value. */
export function RuleRow({ draft, number, onDraft, onRemove }: RuleRowProps) {
  const t = useTexts(ruleTexts)
  const kind = kindOf(draft.field)
  const set = (part: Partial<RuleDraft>) => onDraft({ ...draft, ...part })
  return (
    <fieldset class="rule-row">
      <legend class="hidden-text">{t('rule', { number })}</legend>
      <Field
        name="field"
        type="select"
        label={t('field')}
        value={draft.field}
        options={allFields.map((field) => ({ value: field, label: t(`f-${field}`) }))}
        onValue={(field) => onDraft(draftOf(field as RuleField, draft))}
      />
      <Field
        name="comparison"
        type="select"
        label={t('comparison')}
        value={draft.is}
        options={comparisons[kind].map((is) => ({ value: is, label: t(`c-${is}` as 'c-is') }))}
        onValue={(is) => set({ is })}
      />
      {kind === 'flag' ? (
        <Field
          name="value"
          type="select"
          label={t('value')}
          value={draft.value}
          options={[
            { value: 'true', label: t('yes') },
            { value: 'false', label: t('no') },
          ]}
          onValue={(value) => set({ value })}
        />
      ) : (
        <Field
          name="value"
          type={kind === 'text' ? 'text' : 'number'}
          label={t('value')}
          value={draft.value}
          maxLength={120}
          onValue={(value) => set({ value })}
        />
      )}
      {draft.is === 'between' && (
        <Field name="to" type="number" label={t('valueTo')} value={draft.to} onValue={(to) => set({ to })} />
      )}
      <IconButton icon="close" label={t('remove', { number })} onClick={onRemove} />
    </fieldset>
  )
}
