import '../tips.css'
import type { ChannelView } from '#plugins/live'
import { Card, formatMoney, Notice, QueryView, useTexts } from '#web'
import type { TipList } from '../../contract.ts'
import { useLiveTips } from '../use-tips.ts'
import { GoalEditor } from './GoalEditor.tsx'
import { TipRows } from './TipRows.tsx'
import { deskTexts } from './texts.ts'

/** For the DJ: what came in, what for, and from whom. */
export default function DeskTips({ channel: { slug } }: { channel: ChannelView }) {
  const t = useTexts(deskTexts)
  const query = useLiveTips(slug)
  return (
    <div class="desk-tips">
      <Card title={t('tips')}>
        <QueryView query={query}>
          {(list) =>
            list.terms.isOpen || list.items.length > 0 ? (
              <div class="stack">
                {!list.terms.isOpen && <Notice>{t('off')}</Notice>}
                {list.terms.isTest && <Notice tone="warn">{t('test')}</Notice>}
                <Sums list={list} />
                <GoalEditor
                  slug={slug}
                  goal={list.goal}
                  currency={list.terms.currency}
                  onChanged={() => void query.reload()}
                />
                <TipRows slug={slug} onChanged={() => void query.reload()} />
              </div>
            ) : (
              <Notice>{t('off')}</Notice>
            )
          }
        </QueryView>
      </Card>
    </div>
  )
}

function Sums({ list: { totals, terms } }: { list: TipList }) {
  const t = useTexts(deskTexts)
  if (!totals) return null
  const money = (amountMinor: number) => formatMoney({ amountMinor, currency: terms.currency })
  return (
    <dl class="desk-sums figures">
      {totals.stream && (
        <div>
          <dt>{t('thisStream', { count: totals.stream.count })}</dt>
          <dd>{money(totals.stream.amountMinor)}</dd>
        </div>
      )}
      <div>
        <dt>{t('inAll', { count: totals.all.count })}</dt>
        <dd>{money(totals.all.amountMinor)}</dd>
      </div>
    </dl>
  )
}
