import { useState } from 'preact/hooks'
import { listAssets } from '#plugins/media'
import { asProblem, Button, call, toast, useQuery, useTexts } from '#web'
import { addTracks, type Release } from '../../contract.ts'
import { editTexts } from './texts.ts'

/** Uploaded files that no track uses yet, to be put at the end of this release; nothing where there are none. */
export function AddUploaded({ release, onAdded }: { release: Release; onAdded(): void }) {
  const t = useTexts(editTexts)
  const [isBusy, setBusy] = useState(false)
  const query = useQuery(listAssets, { query: { isLoose: true, limit: 100 } })
  const usable = (query.data?.items ?? []).filter(({ state }) => state === 'ready' || state === 'processing')
  if (usable.length === 0) return null
  const add = async () => {
    setBusy(true)
    try {
      // The list is newest first; they are added as they came.
      const assetIds = usable.map(({ id }) => id).reverse()
      await call(addTracks, { params: { slug: release.slug }, body: { assetIds } })
      await query.reload()
      onAdded()
    } catch (error) {
      toast(asProblem(error).message, { tone: 'bad' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <div class="edit-add">
      <p class="muted">{t('uploadedThere', { count: usable.length })}</p>
      <Button icon="plus" isBusy={isBusy} onClick={() => void add()}>
        {t('addUploaded')}
      </Button>
    </div>
  )
}
