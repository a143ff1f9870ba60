import { definePlugin } from '#sdk'
import { handleArchives } from './archive.ts'
import { handleAssets } from './asset-routes.ts'
import { assetsByIds, byAudioHash, raiseEpoch } from './assets.ts'
import { handleAudio, playbackOf, waveformOf } from './audio.ts'
import { Bringer } from './bring.ts'
import { encodersCheck } from './checks.ts'
import { commands } from './commands.ts'
import { media, removeLoose } from './contract.ts'
import { handleDownloadAddresses } from './download-address.ts'
import { insertHold, removeHold } from './holds.ts'
import { handleInspection } from './inspect.ts'
import { handleLoose } from './loose.ts'
import { handleMakingDownloads } from './make-download.ts'
import { openDesk } from './open-desk.ts'
import { handlePersonalData } from './personal-data.ts'
import { managePermission, uploadPermission } from './policy.ts'
import { factsOf } from './present.ts'
import { handleProcessing } from './process.ts'
import { guessFromPath } from './reading/index.ts'
import { MediaSettings } from './settings.ts'
import { handleSweeping } from './sweep.ts'
import { download } from './taking.ts'
import { handleUploads } from './upload-routes.ts'

export default definePlugin({
  name: 'media',
  version: '0.1.0',
  title: 'Media',
  provides: media,
  settings: MediaSettings,
  permissions: {
    [uploadPermission]: { title: 'Bring audio files', roles: ['owner', 'admin', 'artist'] },
    [managePermission]: { title: 'See and remove the audio files of everybody', roles: ['owner', 'admin'] },
  },
  migrations: new URL('./migrations/', import.meta.url),
  commands,
  setup(ctx) {
    const desk = openDesk(ctx)
    const bringer = new Bringer(desk)
    handleUploads(desk)
    handleArchives(desk)
    handleAssets(desk)
    handleInspection(desk)
    handleProcessing(desk)
    handleAudio(desk)
    handleDownloadAddresses(desk)
    handleMakingDownloads(desk)
    handleSweeping(desk)
    handleLoose(desk)
    handlePersonalData(desk)
    ctx.check(encodersCheck)
    return {
      assetsByIds: async (ids) =>
        new Map((await assetsByIds(ctx.db, ids)).map((row) => [row.id, factsOf(row)])),
      playbackOf: (asset, audience) => playbackOf(desk, asset, audience),
      waveformOf: (asset, audience) => waveformOf(desk, asset, audience),
      audienceOf: (call) =>
        desk.tokens.audienceOf({
          authorization: call.header('authorization'),
          cookie: call.header('cookie'),
        }),
      hold: insertHold,
      release: removeHold,
      discard: async (db, assetId, holder) => {
        await removeHold(db, assetId, holder)
        await ctx.jobs.enqueue(db, removeLoose, { assetId }, { key: assetId })
      },
      revoke: async (db, ids) => {
        await raiseEpoch(db, ids)
        db.afterCommit(() => {
          for (const id of ids) desk.cache.forget(id)
        })
      },
      bring: (file) => bringer.bring(file),
      look: (file) => bringer.look(file),
      guessOf: guessFromPath,
      byAudioHash: (hashes) => byAudioHash(ctx.db, hashes),
      download: (wish) => download(desk, wish),
    }
  },
})
