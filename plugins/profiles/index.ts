import { definePlugin } from '#sdk'
import { createBadges } from './badges.ts'
import { blockQuestions, handleBlocks } from './block-routes.ts'
import { profiles } from './contract.ts'
import type { Desk } from './desk.ts'
import { renderPages } from './pages.ts'
import { handlePersonalData } from './personal-data.ts'
import { handleOrphans } from './pictures.ts'
import { moderatePermission, verifyPermission } from './policy.ts'
import { handlePictures, handleProfiles } from './routes.ts'

export default definePlugin({
  name: 'profiles',
  version: '0.1.0',
  title: 'Profiles',
  provides: profiles,
  permissions: {
    [verifyPermission]: { title: 'Give and take the verified mark', roles: ['owner', 'admin'] },
    [moderatePermission]: {
      title: 'See every profile, private ones too',
      roles: ['owner', 'admin', 'moderator'],
    },
  },
  migrations: new URL('./migrations/', import.meta.url),
  setup(ctx) {
    const desk: Desk = { ctx, badges: createBadges(ctx.log) }
    handleProfiles(desk)
    handlePictures(desk)
    handleBlocks(desk)
    handleOrphans(desk)
    handlePersonalData(desk)
    renderPages(desk)
    return { ...blockQuestions(desk), addBadges: desk.badges.add }
  },
})
