import {
  asProblem,
  Badge,
  Button,
  Card,
  call,
  confirm,
  formatAgo,
  QueryView,
  toast,
  useQuery,
  useTexts,
} from '#web'
import { listKeys, revokeKey, type StreamKey } from '../../contract.ts'
import { goLiveTexts } from './texts.ts'

const shownRevoked = 3

/** The good ones, and the last few that were revoked. */
function shownKeys(items: readonly StreamKey[]): StreamKey[] {
  const good = items.filter(({ revokedAt }) => revokedAt === null)
  const revoked = items.filter(({ revokedAt }) => revokedAt !== null)
  return [...good, ...revoked.slice(0, shownRevoked)]
}

/** A channel's keys by their beginnings, with the way to revoke one. */
export function Keys({ slug }: { slug: string }) {
  const t = useTexts(goLiveTexts)
  const keys = useQuery(listKeys, { params: { slug } })
  const revoke = async ({ id, hint }: StreamKey) => {
    const title = t('revokeTitle', { hint })
    if (!(await confirm({ title, text: t('revokeText'), action: t('revokeAction') }))) return
    try {
      await call(revokeKey, { params: { id } })
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    }
    void keys.reload()
  }
  return (
    <Card title={t('keys')}>
      <QueryView query={keys}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="muted">{t('keysNone')}</p>
          ) : (
            <ul class="golive-keys">
              {shownKeys(items).map((row) => (
                <KeyRow key={row.id} row={row} onRevoke={() => void revoke(row)} />
              ))}
            </ul>
          )
        }
      </QueryView>
    </Card>
  )
}

function KeyRow({ row, onRevoke }: { row: StreamKey; onRevoke(): void }) {
  const t = useTexts(goLiveTexts)
  const { hint, camera, createdAt, lastUsedAt, revokedAt } = row
  const facts = [
    ...(camera > 1 ? [t('ofCamera', { camera })] : []),
    t('made', { when: formatAgo(createdAt) }),
    lastUsedAt ? t('lastUsed', { when: formatAgo(lastUsedAt) }) : t('neverUsed'),
  ]
  return (
    <li class={revokedAt ? 'is-revoked' : undefined}>
      <div class="golive-key-words">
        <code>{hint}…</code> {revokedAt && <Badge>{t('revoked', { when: formatAgo(revokedAt) })}</Badge>}
        <p class="muted small">{facts.join(' · ')}</p>
      </div>
      {revokedAt === null && (
        <Button look="plain" icon="trash" onClick={onRevoke}>
          {t('revoke')}
          <span class="hidden-text"> {hint}</span>
        </Button>
      )}
    </li>
  )
}
