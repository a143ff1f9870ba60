import { Link, me, useTexts } from '#web'
import { listTexts } from '../texts.ts'
import { MyLists } from './MyLists.tsx'
import { PublicLists } from './OtherLists.tsx'

/** In the library: one’s playlists, or everybody’s for visitors. */
export default function LibraryTab() {
  const t = useTexts(listTexts)
  return (
    <>
      {me.value ? <MyLists /> : <PublicLists />}
      <p>
        <Link href="/playlists">{t('seeAll')}</Link>
      </p>
    </>
  )
}
