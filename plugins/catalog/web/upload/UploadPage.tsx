import './upload.css'
import { useState } from 'preact/hooks'
import { type Asset, assetChannel, getUsage, listAssets } from '#plugins/media'
import {
  asProblem,
  Button,
  call,
  formatBytes,
  invalidate,
  Link,
  me,
  navigate,
  PageHeader,
  QueryView,
  toast,
  useChannel,
  useQuery,
  useTexts,
  useTitle,
} from '#web'
import { createDrafts, listReleases } from '../../contract.ts'
import { ReleaseGrid } from '../ReleaseGrid.tsx'
import { DropZone } from './DropZone.tsx'
import { FileRows } from './FileRows.tsx'
import { sendings } from './sending.ts'
import { uploadTexts } from './texts.ts'

/** `/upload`: drop an album, see it arrive, have it arranged into a release. */
export default function UploadPage() {
  const t = useTexts(uploadTexts)
  const [isBusy, setBusy] = useState(false)
  useTitle(t('upload'))
  const loose = useLoose()
  const ready = loose.items.filter(isUsable)
  const isUnderWay =
    sendings.value.some(({ state }) => state === 'sending' || state === 'waiting' || state === 'offline') ||
    loose.items.some(({ state }) => state === 'inspecting')
  const arrange = async () => {
    setBusy(true)
    try {
      const { releases } = await call(createDrafts, { body: { assetIds: await allReady() } })
      for (const { key } of sendings.value.filter(({ state }) => state === 'done')) loose.forget(key)
      invalidate(listReleases)
      await loose.reload()
      const [only] = releases
      if (releases.length === 1 && only) navigate(`/releases/${only.slug}/edit`)
      else toast(t('arranged', { count: releases.length }))
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <div class="upload">
      <PageHeader title={t('upload')} lead={t('lead')} actions={<Link href="/trash">{t('trash')}</Link>} />
      <DropZone />
      <Room />
      <FileRows assets={loose.items} onRemoved={() => void loose.reload()} />
      {ready.length > 0 && (
        <section class="upload-next">
          <div>
            <h2>{t('readyTitle', { count: ready.length })}</h2>
            <p class="muted">{isUnderWay ? t('readyWait') : t('readyText')}</p>
          </div>
          <Button look="main" isBusy={isBusy} disabled={isUnderWay} onClick={() => void arrange()}>
            {t('arrange')}
          </Button>
        </section>
      )}
      <Drafts />
    </div>
  )
}

const isUsable = ({ state }: Asset) => state === 'processing' || state === 'ready'
/** One request arranges so many. */
const mostArranged = 500

/** Also those that the page does not show: an album of more files than a page has stays one. */
async function allReady(): Promise<string[]> {
  const ids: string[] = []
  let after: string | undefined
  do {
    const query = { isLoose: true, limit: 100, ...(after && { after }) }
    const page = await call(listAssets, { query })
    ids.push(...page.items.filter(isUsable).map(({ id }) => id))
    after = page.next ?? undefined
  } while (after && ids.length < mostArranged)
  return ids.slice(0, mostArranged)
}

/** Files of one's own that no track uses; kept true by the channel. */
function useLoose() {
  const query = useQuery(listAssets, { query: { isLoose: true, limit: 100 } })
  const accountId = me.value?.id
  useChannel(assetChannel, accountId ? { accountId } : null, {
    changed: (asset) => {
      const isKnown = query.data?.items.some(({ id }) => id === asset.id)
      query.change((data) => ({
        ...data,
        items: data.items.map((one) => (one.id === asset.id ? asset : one)),
      }))
      // A new one, or one that a track uses by now.
      if (!isKnown) void query.reload()
      if (!isKnown) invalidate(getUsage)
    },
    removed: ({ id }) => {
      query.change((data) => ({ ...data, items: data.items.filter((one) => one.id !== id) }))
      invalidate(getUsage)
    },
    onRejoin: () => void query.reload(),
  })
  const forget = (key: string) => {
    sendings.value = sendings.value.filter((one) => one.key !== key)
  }
  return { items: query.data?.items ?? [], reload: query.reload, forget }
}

/** How much room is left, where there is a limit. */
function Room() {
  const t = useTexts(uploadTexts)
  const { data } = useQuery(getUsage)
  if (!data) return null
  const used =
    data.quotaBytes === null
      ? t('used', { used: formatBytes(data.usedBytes) })
      : t('usedOf', { used: formatBytes(data.usedBytes), quota: formatBytes(data.quotaBytes) })
  return (
    <p class="muted small">
      {used}{' '}
      {t('limit', {
        size: formatBytes(data.maxFileBytes),
        hours: Math.round(data.maxDurationMs / 3_600_000),
      })}
    </p>
  )
}

/** What was arranged and not yet published. */
function Drafts() {
  const t = useTexts(uploadTexts)
  const query = useQuery(listReleases, { query: { whose: 'mine', limit: 100 } })
  return (
    <QueryView query={query}>
      {({ items }) => {
        const drafts = items.filter(({ status }) => status !== 'published')
        if (drafts.length === 0) return null
        return (
          <section class="upload-drafts">
            <h2>{t('drafts')}</h2>
            <ReleaseGrid releases={drafts.map((one) => ({ ...one, href: `/releases/${one.slug}/edit` }))} />
          </section>
        )
      }}
    </QueryView>
  )
}
