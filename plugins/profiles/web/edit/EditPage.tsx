import './edit.css'
import { identity } from '#contract'
import {
  ButtonLink,
  call,
  forgetQueries,
  me,
  PageHeader,
  PictureField,
  QueryView,
  reloadMe,
  toast,
  useQuery,
  useTexts,
  useTitle,
} from '#web'
import {
  getMyProfile,
  type MyProfile,
  putAvatar,
  putBanner,
  removeAvatar,
  removeBanner,
  updateMyProfile,
} from '../../contract.ts'
import { profileTexts } from '../texts.ts'
import { Blocks } from './Blocks.tsx'
import { ProfileForm, type ProfileValues } from './ProfileForm.tsx'

/** `/profile/edit`: pictures, which take effect at once, and words, which are saved together. */
export default function EditPage() {
  const t = useTexts(profileTexts)
  const query = useQuery(getMyProfile)
  useTitle(t('edit'))
  const shown = async (profile: MyProfile, words: string) => {
    query.set(profile)
    await reloadMe()
    toast(words)
  }
  const save = async ({ displayName, ...values }: ProfileValues) => {
    if (displayName !== me.peek()?.displayName) await call(identity.updateMe, { body: { displayName } })
    const saved = await call(updateMyProfile, { body: values })
    forgetQueries()
    await shown(saved, t('saved'))
  }
  return (
    <div class="profile-edit">
      <PageHeader
        title={t('edit')}
        actions={me.value && <ButtonLink href={`/@${me.value.username}`}>{t('see')}</ButtonLink>}
      />
      <QueryView query={query}>
        {(profile) => (
          <>
            <div class="profile-pictures">
              <PictureField
                label={t('avatar')}
                url={profile.avatar?.small ?? null}
                shape={1}
                isRound
                onPick={async (file, area) =>
                  shown(await call(putAvatar, { query: area, body: file }), t('pictureSaved'))
                }
                onRemove={async () => shown(await call(removeAvatar), t('pictureRemoved'))}
              />
              <PictureField
                label={t('banner')}
                hint={t('bannerHint')}
                url={profile.banner?.small ?? null}
                shape={4}
                onPick={async (file, area) =>
                  shown(await call(putBanner, { query: area, body: file }), t('pictureSaved'))
                }
                onRemove={async () => shown(await call(removeBanner), t('pictureRemoved'))}
              />
            </div>
            <ProfileForm profile={profile} onSave={save} />
            <Blocks />
          </>
        )}
      </QueryView>
    </div>
  )
}
