import { Field, SearchField, useTexts } from '#web'
import type { BookSums } from '../../contract.ts'
import { type FilterName, isBadAmount, statuses } from './filters.ts'
import { bookTexts } from './texts.ts'

interface FiltersProps {
  values: Record<FilterName, string>
  onValue(name: FilterName, value: string): void
  /** Undefined until it is known what payments are for, and in which currency. */
  known: BookSums | undefined
}

/** What the list, its sums and its export are narrowed by. */
export function Filters({ values, onValue, known }: FiltersProps) {
  const t = useTexts(bookTexts)
  const currency = known?.currency
  const isBad = isBadAmount(values.min, currency) || isBadAmount(values.max, currency)
  const purposes = known?.purposes.map(({ name, title }) => ({ value: name, label: title })) ?? []
  const isOther = values.purpose !== '' && !purposes.some(({ value }) => value === values.purpose)
  const options = isOther ? [...purposes, { value: values.purpose, label: values.purpose }] : purposes
  return (
    <search class="admin-filters book-filters">
      <Field
        name="status"
        type="select"
        label={t('state')}
        value={values.status}
        onValue={(value) => onValue('status', value)}
        options={[
          { value: '', label: t('anyState') },
          ...statuses.map((name) => ({ value: name, label: t(`is-${name}`) })),
        ]}
      />
      <Field
        name="purpose"
        type="select"
        label={t('purpose')}
        value={values.purpose}
        onValue={(value) => onValue('purpose', value)}
        options={[{ value: '', label: t('anyPurpose') }, ...options]}
      />
      <SearchField
        name="member"
        label={t('member')}
        placeholder={t('memberHint')}
        value={values.member}
        onValue={(value) => onValue('member', value)}
      />
      {(['from', 'to'] as const).map((name) => (
        <Field
          key={name}
          name={name}
          type="date"
          label={t(name)}
          value={values[name]}
          onValue={(value) => onValue(name, value)}
        />
      ))}
      {(['min', 'max'] as const).map((name) => (
        <SearchField
          key={name}
          name={name}
          label={t(name)}
          placeholder={t('amountHint', { currency: currency ?? '' })}
          value={values[name]}
          onValue={(value) => onValue(name, value)}
        />
      ))}
      <p class="field-error" role="alert">
        {isBad && t('badAmount')}
      </p>
    </search>
  )
}
