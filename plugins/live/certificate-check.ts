import type { Check } from '#sdk'
import { type PairFiles, readPair, UnusablePair } from './ingest/certificate.ts'

/** Let's Encrypt is renewed 30 days before the end: who is nearer has a renewal that fails. */
const warnMs = 14 * 86_400_000

/** `veza doctor`: would encoders take the certificate of RTMPS, and for how long? */
export function certificateCheck(files: PairFiles, now: () => number = Date.now): Check {
  return {
    id: 'live.rtmps-certificate',
    title: { en: 'Certificate of RTMPS', fr: 'Certificat de RTMPS' },
    run: async () => {
      try {
        const { expiresAt } = await readPair(files)
        return expiresAt.getTime() - now() > warnMs ? null : ending(expiresAt, now())
      } catch (error) {
        if (!(error instanceof UnusablePair)) throw error
        return unusable(error)
      }
    },
  }
}

const unusable = ({ words }: UnusablePair) => ({
  message: {
    en: `The certificate of RTMPS cannot be used: ${words.en}`,
    fr: `Le certificat de RTMPS ne peut pas servir : ${words.fr}`,
  },
  remedy: {
    en: 'Correct rtmps.certFile and rtmps.keyFile, or the files. A server that has one already keeps it until then.',
    fr: 'Corrigez rtmps.certFile et rtmps.keyFile, ou les fichiers. Un serveur qui en a déjà un le garde d’ici là.',
  },
})

function ending(expiresAt: Date, now: number) {
  const at = expiresAt.toISOString().slice(0, 10)
  const isOver = expiresAt.getTime() <= now
  return {
    message: isOver
      ? {
          en: `The certificate of RTMPS ended on ${at}: encoders refuse it.`,
          fr: `Le certificat de RTMPS a expiré le ${at} : les encodeurs le refusent.`,
        }
      : {
          en: `The certificate of RTMPS ends on ${at}.`,
          fr: `Le certificat de RTMPS expire le ${at}.`,
        },
    remedy: {
      en: 'Renew it, as by `certbot renew`; the new files are taken up within a minute.',
      fr: 'Renouvelez-le, par exemple avec `certbot renew` ; les nouveaux fichiers sont repris en une minute.',
    },
  }
}
