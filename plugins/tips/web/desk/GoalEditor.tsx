import { useState } from 'preact/hooks'
import { decimalOf, parseAmount } from '#contract'
import { asProblem, Button, call, confirm, Form, language, toast, useTexts } from '#web'
import { type Goal, removeGoal, setGoal } from '../../contract.ts'
import { GoalBar } from '../GoalBar.tsx'
import { dayOf, endOf } from './days.ts'
import { deskTexts } from './texts.ts'

interface EditorProps {
  slug: string
  goal: Goal | null
  currency: string
  onChanged(): void
}

/** The goal as everybody sees it, and the way to set, change and remove it. */
export function GoalEditor(props: EditorProps) {
  const t = useTexts(deskTexts)
  const [isEditing, setEditing] = useState(false)
  const { slug, goal, onChanged } = props
  const remove = async () => {
    const asked = { title: t('removeGoalAsk'), text: t('removeGoalText'), action: t('removeGoal') }
    if (!(await confirm(asked))) return
    try {
      await call(removeGoal, { params: { slug } })
      onChanged()
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
  }
  return (
    <section class="desk-goal">
      <h3>{t('goal')}</h3>
      {!isEditing && (goal ? <GoalBar goal={goal} /> : <p class="muted small">{t('noGoal')}</p>)}
      {isEditing ? (
        <GoalForm {...props} onDone={() => setEditing(false)} />
      ) : (
        <div class="row">
          <Button icon={goal ? 'edit' : 'plus'} onClick={() => setEditing(true)}>
            {t(goal ? 'editGoal' : 'setGoal')}
          </Button>
          {goal && (
            <Button look="plain" icon="trash" onClick={() => void remove()}>
              {t('removeGoal')}
            </Button>
          )}
        </div>
      )}
    </section>
  )
}

function GoalForm({ slug, goal, currency, onChanged, onDone }: EditorProps & { onDone(): void }) {
  const t = useTexts(deskTexts)
  const save = async (values: { title: string; amountMinor: string; until: string }) => {
    const { title, until } = values
    const amountMinor = parseAmount(values.amountMinor, currency) ?? 0
    const body = { title, amountMinor, until: until ? endOf(until) : null }
    await call(setGoal, { params: { slug }, body })
    onChanged()
    onDone()
  }
  const typed = (set: Goal) => (language.value === 'fr' ? decimalOf(set).replace('.', ',') : decimalOf(set))
  return (
    <Form
      fields={[
        { name: 'title', label: t('goalTitle'), maxLength: 80 },
        {
          name: 'amountMinor',
          label: t('goalAmount', { currency }),
          maxLength: 18,
          check: (text) => (parseAmount(text, currency) ? undefined : t('badAmount')),
        },
        { name: 'until', label: t('goalUntil'), type: 'date', isOptional: true },
      ]}
      initial={
        goal
          ? { title: goal.title, amountMinor: typed(goal), until: goal.until ? dayOf(goal.until) : '' }
          : {}
      }
      submit={t('save')}
      onSubmit={save}
      actions={
        <Button look="plain" onClick={onDone}>
          {t('cancel')}
        </Button>
      }
    />
  )
}
