import { useState } from 'preact/hooks'
import { type Rule, ruleSorts, type TrackRules } from '#plugins/catalog'
import { asProblem, Button, call, Dialog, Field, Notice, navigate, path, toast, useTexts } from '#web'
import { type Playlist, updatePlaylist } from '../../contract.ts'
import { draftOf, type RuleDraft, toDraft, toRule } from './draft.ts'
import { Preview } from './Preview.tsx'
import { RuleRow } from './RuleRow.tsx'
import { ruleTexts } from './texts.ts'

interface RulesProps {
  playlist: Playlist
  rules: TrackRules
  set(playlist: Playlist): void
  onClose(): void
}
const mostRules = 30

/** The rules of a smart playlist, with what they pick shown as they are written. */
export function RulesDialog({ playlist, rules, set, onClose }: RulesProps) {
  const t = useTexts(ruleTexts)
  const [drafts, setDrafts] = useState<RuleDraft[]>(rules.rules.map(toDraft))
  const [rest, setRest] = useState<Omit<TrackRules, 'rules'>>(rules)
  const [isBusy, setBusy] = useState(false)
  const [message, setMessage] = useState<string | null>(null)
  const written: TrackRules = {
    ...rest,
    rules: drafts.flatMap((draft): Rule[] => [toRule(draft) ?? []].flat()),
  }
  const change = (at: number, draft: RuleDraft | null) =>
    setDrafts(drafts.flatMap((one, index) => (index === at ? (draft ?? []) : one)))
  const close = () => {
    // The address that opened it is done with.
    navigate(path.peek(), { replace: true })
    onClose()
  }
  const save = async (event: Event) => {
    event.preventDefault()
    setBusy(true)
    setMessage(null)
    try {
      set(await call(updatePlaylist, { params: { id: playlist.id }, body: { rules: written } }))
      toast(t('saved'))
      close()
    } catch (error) {
      setMessage(asProblem(error).message)
      setBusy(false)
    }
  }
  return (
    <Dialog title={t('title', { title: playlist.title })} isOpen onClose={close}>
      <form class="form rules" onSubmit={(event) => void save(event)}>
        <Field
          name="match"
          type="select"
          label={t('match')}
          value={rest.match}
          options={[
            { value: 'all', label: t('matchAll') },
            { value: 'any', label: t('matchAny') },
          ]}
          onValue={(match) => setRest({ ...rest, match: match as TrackRules['match'] })}
        />
        {drafts.map((draft, at) => (
          <RuleRow
            // biome-ignore lint/suspicious/noArrayIndexKey: rules have no names and keep their places
            key={at}
            draft={draft}
            number={at + 1}
            onDraft={(next) => change(at, next)}
            onRemove={() => change(at, null)}
          />
        ))}
        <div class="row">
          <Button
            icon="plus"
            disabled={drafts.length >= mostRules}
            onClick={() => setDrafts([...drafts, draftOf('genre')])}
          >
            {t('add')}
          </Button>
          {written.rules.length < drafts.length && <span class="muted small">{t('unfinished')}</span>}
        </div>
        <Order rest={rest} onRest={setRest} />
        <div role="alert">{message && <Notice tone="bad">{message}</Notice>}</div>
        <div class="row">
          <Button look="main" type="submit" isBusy={isBusy}>
            {t('save')}
          </Button>
        </div>
        <Preview rules={written} />
      </form>
    </Dialog>
  )
}

type Rest = Omit<TrackRules, 'rules'>

/** Sorting and how much of it. */
function Order({ rest, onRest }: { rest: Rest; onRest(rest: Rest): void }) {
  const t = useTexts(ruleTexts)
  const { sort, limit } = rest
  return (
    <div class="rule-order">
      <Field
        name="sort"
        type="select"
        label={t('sort')}
        value={sort}
        options={ruleSorts.map((one) => ({ value: one, label: t(`s-${one}`) }))}
        onValue={(one) => onRest({ ...rest, sort: one as TrackRules['sort'] })}
      />
      <Field
        name="count"
        type="number"
        label={t('limitCount')}
        value={String(limit.count)}
        onValue={(text) => {
          const count = Math.max(1, Math.min(10_000, Math.round(Number(text)) || 1))
          onRest({ ...rest, limit: { ...limit, count } })
        }}
      />
      <Field
        name="by"
        type="select"
        label={t('limitBy')}
        value={limit.by}
        options={[
          { value: 'tracks', label: t('byTracks') },
          { value: 'minutes', label: t('byMinutes') },
        ]}
        onValue={(by) => onRest({ ...rest, limit: { ...limit, by: by as 'tracks' | 'minutes' } })}
      />
    </div>
  )
}
